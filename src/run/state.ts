import type { JsonObject } from '../model/json.ts'
import type { StateSchema } from '../model/task-type.ts'
import { lines, type Script, sh } from '../text/sh.ts'

/** A probe with the functions it reports through; `mark` delimits its facts and cannot be guessed by a host's data. */
export function reporting(probe: Script, mark: string): Script {
  return lines(sh`fact() { printf '\036%s\036%s=%s' ${mark} "$1" "$2"; }`, factFile(mark), probe)
}

const factFile = (mark: string): Script => sh`fact_file() { printf '\036%s\036%s=' ${mark} "$1"; cat "$2"; }`

interface Property {
  readonly type?: string
  readonly contentEncoding?: string
  readonly items?: Property
}

/** What a probe printed, typed by the state schema. Unknown facts are dropped: a host's output decides nothing but values. */
export function readState(stdout: Uint8Array, mark: string, schema: StateSchema | undefined): JsonObject {
  const state: Record<string, unknown> = Object.create(null)
  const properties = (schema?.properties ?? {}) as { readonly [name: string]: Property }
  const text = Buffer.from(stdout).toString('latin1')
  for (const record of text.split(`\x1e${mark}\x1e`).slice(1)) {
    const cut = record.indexOf('=')
    const name = record.slice(0, cut)
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (property === undefined) continue
    const raw = record.slice(cut + 1)
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

const typed = (raw: string, property: Property): unknown => {
  if (property.contentEncoding === '8bit') return raw
  const text = Buffer.from(raw, 'latin1').toString('utf8')
  if (property.type === 'integer' || property.type === 'number') return text.trim() === '' ? undefined : Number(text)
  if (property.type === 'boolean') return text.trim() === '1' || text.trim() === 'true'
  return text
}
