import {
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  YAMLException,
} from 'js-yaml'
import { Fault } from '../model/fault.ts'
import type { Json } from '../model/json.ts'
import type { Locate } from '../model/playbook.ts'
import { codeFrame } from '../text/code-frame.ts'
import type { At } from '../text/position.ts'
import { positions } from './positions.ts'

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
    resolve: (source, explicit, tagName) =>
      padded.test(source) ? NOT_RESOLVED : tag.resolve(source, explicit, tagName),
    identify: tag.identify,
    represent: tag.represent,
  } as Parameters<typeof defineScalarTag<number>>[1])
const schema = CORE_SCHEMA.withTags(mergeTag, own(intCoreTag, 'int'), own(floatCoreTag, 'float'))

/** Parses one YAML document. Throws a `Fault` with the place for whatever is not plain, finite YAML. */
export function parseYaml(source: string, file: string): Document {
  const start: At = { file, line: 1, column: 1 }
  if (source.length > MOST_BYTES)
    throw new Fault('yaml', `this file is larger than ${MOST_BYTES / 1024 / 1024} MiB`, { at: start, hint: 'split it' })
  if (source.trim() === '' || /^\s*(#[^\n]*\n?\s*|---\s*)*$/.test(source))
    return { file, source, value: null, locate: () => start }
  try {
    const options = { filename: file, maxAliases: MOST_ALIASES }
    const events = parseEvents(source, options)
    const documents = constructFromEvents(events, { source, schema, ...options })
    if (documents.length > 1)
      throw new Fault('yaml', 'one document is expected, there are several', {
        at: start,
        hint: 'keep one --- in a file',
      })
    const value = documents[0] as Json
    let places: ReturnType<typeof positions> | undefined
    const locate: Locate = (path, what) => {
      places ??= positions(source, events, file)
      return places(path, what)
    }
    const counted = count(value, [], { nodes: 0 })
    if (counted !== undefined) throw new Fault('yaml', counted, { at: start })
    return { file, source, value, locate }
  } catch (error) {
    if (error instanceof Fault) throw framed(error, source)
    if (error instanceof YAMLException) throw framed(explain(error, file, source), source)
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

const explain = (error: YAMLException, file: string, source: string): Fault => {
  const at = { file, line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 }
  const reason = error.reason
  const bare = /complex keys|block mapping|cannot read a block|flow/.test(reason) ? bareBraces(source, file) : undefined
  if (bare !== undefined)
    return new Fault('yaml', 'a value that starts with {{ must be quoted', {
      at: bare,
      hint: 'write "{{ ... }}"',
      cause: error,
    })
  if (/duplicat/.test(reason))
    return new Fault('yaml', 'this key stands here twice', {
      at,
      hint: 'keep one of them: the other would be lost',
      cause: error,
    })
  if (/unknown tag|unresolved tag/.test(reason))
    return new Fault('yaml', `${reason}`, {
      at,
      hint: 'only plain YAML is read; a text with ! needs quotes',
      cause: error,
    })
  if (/tab/.test(reason)) return new Fault('yaml', reason, { at, hint: 'indent with spaces', cause: error })
  return new Fault('yaml', reason, { at, cause: error })
}

// `{{ x }}` is a map with a map for a key: the parser only says so for the whole file.
const bareBraces = (source: string, file: string): At | undefined => {
  const found = /^[^#'"\n]*?(?::|-)[ \t]+(?=\{\{)/m.exec(source)
  if (found === null) return undefined
  const line = source.slice(0, found.index).split('\n').length
  return { file, line, column: found[0].length + 1, length: 2 }
}

// Aliases are shared references: a small file may stand for billions of nodes, or hold itself.
const count = (value: unknown, above: readonly unknown[], seen: { nodes: number }): string | undefined => {
  if (++seen.nodes > MOST_NODES)
    return `this file stands for more than ${MOST_NODES} values: too many aliases of aliases`
  if (value === null || typeof value !== 'object') return undefined
  if (above.includes(value)) return 'an alias holds itself'
  const inside = [...above, value]
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    const wrong = count(item, inside, seen)
    if (wrong !== undefined) return wrong
  }
  return undefined
}
