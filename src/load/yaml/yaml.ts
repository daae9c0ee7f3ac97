import {
  CORE_SCHEMA,
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from 'js-yaml'
import { Fault } from '../../model/fault.ts'
import type { Json } from '../../model/json.ts'
import type { Locate } from '../../model/playbook.ts'
import { codeFrame } from '../../text/code-frame.ts'
import { ExactNumber, float, integerOf } from '../../text/exact-number.ts'
import type { At } from '../../text/position.ts'
import { positions } from './positions.ts'
import { eventsOf } from './yaml-events.ts'
import { yamlFault } from './yaml-fault.ts'

/** A file bigger than this is no playbook: refused before it is parsed. */
export const MOST_BYTES = 8 * 1024 * 1024
const MOST_NODES = 2_000_000
const MOST_ALIASES = 1000

export interface Document {
  readonly file: string
  readonly source: string
  readonly value: Json
  /** The place of a value, or of its key. Built when first asked for. */
  readonly locate: Locate
}

// YAML 1.2 reads 0644 as the number 644. It stays the text that it looks like, so that `mode: 0644` means what it says.
const padded = /^[-+]?0[0-9]+$/
const own = (tag: typeof intCoreTag, name: 'int' | 'float') =>
  defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    ...(tag.implicitFirstChars === null ? {} : { implicitFirstChars: tag.implicitFirstChars }),
    resolve: (source, explicit, tagName) => {
      const number = padded.test(source) ? NOT_RESOLVED : tag.resolve(source, explicit, tagName)
      return typeof number === 'number' ? exact[name](number, source) : number
    },
    identify: tag.identify,
    represent: tag.represent,
  } as Parameters<typeof defineScalarTag<unknown>>[1])
// What has no exact value stays the text that it is.
const exact = {
  int: (number: number, source: string): unknown =>
    Number.isSafeInteger(number) ? number : (integerOf(source) ?? NOT_RESOLVED),
  float,
}
const keyOf = (key: unknown): unknown => (key instanceof ExactNumber ? String(key) : key)
const map = defineMappingTag('tag:yaml.org,2002:map', {
  create: mapTag.create,
  identify: mapTag.identify,
  represent: mapTag.represent,
  addPair: (into, key, value) => mapTag.addPair(into, keyOf(key), value),
  has: (into, key) => mapTag.has(into, keyOf(key)),
  keys: mapTag.keys,
  get: (from, key) => mapTag.get(from, keyOf(key)),
})
const schema = CORE_SCHEMA.withTags(map, mergeTag, own(intCoreTag, 'int'), own(floatCoreTag, 'float'))

/** Parses one YAML document. Throws a `Fault` with the place for whatever is not plain, finite YAML. */
export function parseYaml(source: string, file: string): Document {
  const start: At = { file, line: 1, column: 1 }
  if (source.length > MOST_BYTES)
    throw new Fault('yaml', `this file is larger than ${MOST_BYTES / 1024 / 1024} MiB`, { at: start, hint: 'split it' })
  try {
    const options = { filename: file, maxAliases: MOST_ALIASES }
    const { events, read } = eventsOf(source, options)
    const documents = constructFromEvents(read.events, { source: read.source, schema, ...options })
    if (documents.length > 1 && documents.some(document => document !== null))
      throw new Fault('yaml', 'one document is expected, here a second one begins', {
        at: secondDocument(source, file),
        hint: 'keep one --- in a file',
      })
    const value = (documents[0] ?? null) as Json
    let places: ReturnType<typeof positions> | undefined
    const locate: Locate = (path, what) => {
      places ??= positions(source, events, file)
      return places(path, what)
    }
    const counted = count(value)
    // Deep inside, all paths lead to one alias: the entry near the top that holds too much says more.
    if (counted !== undefined) throw new Fault('yaml', counted.message, { at: locate(counted.path.slice(0, 4)) })
    return { file, source, value, locate }
  } catch (error) {
    if (error instanceof Fault) throw framed(error, source)
    if (error instanceof YAMLException) throw framed(yamlFault(error, file, source), source)
    throw error
  }
}

const framed = (fault: Fault, source: string): Fault =>
  new Fault(fault.code, fault.message, {
    at: fault.at,
    hint: fault.hint,
    cause: fault.cause,
    ...(fault.at === undefined ? {} : { frame: codeFrame(source, fault.at) }),
  })

// Aliases are shared references: a small file may stand for billions of nodes, or hold itself.
const count = (
  value: unknown,
): { readonly message: string; readonly path: readonly (string | number)[] } | undefined => {
  let nodes = 0
  const inside: unknown[] = []
  const path: (string | number)[] = []
  const walk = (one: unknown): string | undefined => {
    if (++nodes > MOST_NODES) return `this file stands for more than ${MOST_NODES} values: too many aliases of aliases`
    if (one === null || typeof one !== 'object' || one instanceof ExactNumber) return undefined
    if (inside.includes(one)) return 'an alias holds itself'
    inside.push(one)
    for (const [key, item] of Array.isArray(one) ? one.entries() : Object.entries(one)) {
      path.push(key)
      const wrong = walk(item)
      if (wrong !== undefined) return wrong
      path.pop()
    }
    inside.pop()
    return undefined
  }
  const message = walk(value)
  return message === undefined ? undefined : { message, path }
}

// A mark before any content opens the first document.
const secondDocument = (source: string, file: string): At => {
  let content = false
  for (const [i, line] of source.split('\n').entries()) {
    const mark = /^(?:---|\.\.\.)(?=\s|$)/.test(line)
    if (mark && content) return { file, line: i + 1, column: 1, length: 3 }
    content ||= /^\s*[^\s#]/.test(mark ? line.slice(3) : line)
  }
  return { file, line: 1, column: 1, length: 3 }
}
