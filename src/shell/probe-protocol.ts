import type { JsonObject } from '../model/json.ts'
import type { StateSchema } from '../model/task-type.ts'
import { lines, nothing, type Script, sh } from '../text/sh.ts'
import type { Output } from './shell.ts'

/**
 * A probe with the functions it reports through; `mark` delimits its facts and cannot be guessed by a host's data. Its
 * exit code is 0 when it came to its end: what its last command thought of something is no failure of the look.
 */
export function reporting(probe: Script, mark: string): Script {
  return lines(sh`fact() { printf '\036%s\036%s=%s' ${mark} "$1" "$2"; }`, factFile(mark), probe, nothing)
}

/** Why a look has no answer; nothing when it has. */
export function problemOf({ code, stderr, dropped }: Output): string | undefined {
  if (dropped !== undefined) return 'its answer is too long to be taken in'
  if (code === 0) return undefined
  const said = Buffer.from(stderr.subarray(-2000)).toString('utf8').trim().split('\n').slice(-3).join('; ')
  if (/can(no|')t fork|fork: .*temporarily unavailable/i.test(said))
    return `no process can be started there: the process table, or the account's share of it, is full (${said})`
  return said === '' ? `the probe ended with code ${code}` : `${said} (exit code ${code})`
}

const factFile = (mark: string): Script => sh`fact_file() { printf '\036%s\036%s=' ${mark} "$1"; cat "$2"; }`

interface Property {
  readonly type?: string
  readonly contentEncoding?: string
  readonly items?: Property
}

/**
 * What a probe printed, typed by the state schema. Unknown facts are dropped: a host's output decides nothing but values.
 * A text: what cannot be.
 */
export function readState(stdout: Uint8Array, mark: string, schema: StateSchema | undefined): JsonObject | string {
  const state: Record<string, unknown> = Object.create(null)
  const properties = (schema?.properties ?? {}) as { readonly [name: string]: Property }
  const text = Buffer.from(stdout).toString('latin1')
  for (const record of text.split(`\x1e${mark}\x1e`).slice(1)) {
    const cut = record.indexOf('=')
    const name = record.slice(0, cut)
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (property === undefined) continue
    const raw = record.slice(cut + 1)
    if (isNumber(property.type === 'array' ? property.items : property) && !/^\s*([+-]?[\d.]+)?\s*$/.test(raw))
      return `it says '${raw.slice(0, 60)}' where a number belongs (${name})`
    if (property.type !== 'array') state[name] = typed(raw, property)
    else {
      const list = (state[name] ?? []) as unknown[]
      list.push(typed(raw, property.items ?? {}))
      state[name] = list
    }
  }
  for (const [name, property] of Object.entries(properties)) if (property.type === 'array') state[name] ??= []
  return state as JsonObject
}

const isNumber = (property: Property | undefined): boolean =>
  property?.type === 'integer' || property?.type === 'number'

const typed = (raw: string, property: Property): unknown => {
  if (property.contentEncoding === '8bit') return raw
  const text = Buffer.from(raw, 'latin1').toString('utf8')
  if (property.type === 'integer' || property.type === 'number') return text.trim() === '' ? undefined : Number(text)
  if (property.type === 'boolean') return text.trim() === '1' || text.trim() === 'true'
  return text
}
