import { structuredPatch } from 'diff'
import { type Colour, painted } from './colour.ts'
import { yamlLines } from './yaml-lines.ts'

type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value }
type Attributes = { readonly [key: string]: Value }
/** The text or attributes of a file, or null when it does not exist. */
type Side = string | Attributes | null

export interface Difference {
  readonly before: Side
  readonly after: Side
  readonly path?: string
}

// Comparing 20,000 changed lines would take minutes.
const TIMEOUT_MS = 1000
const ATTRIBUTES = new Set(['mode', 'owner', 'group', 'uid', 'gid'])

/** The unified diff of two sides, without colours. Empty when they are equal. */
export function unifiedDiff({ before, after, path }: Difference, timeout = TIMEOUT_MS): string {
  if (JSON.stringify(before) === JSON.stringify(after)) return ''
  const name = path ?? 'value'
  if (isBinary(before) || isBinary(after)) {
    return `${name}: binary content differs (${byteLength(before)} → ${byteLength(after)} bytes)\n`
  }
  const oneLine = attributesOnly(before, after) ?? createdOrRemoved(before, after)
  if (oneLine) return `${name}: ${oneLine}\n`
  const heads = `--- ${before === null ? '/dev/null' : name}\n+++ ${after === null ? '/dev/null' : name}\n`
  const [old, now] = [textOf(before), textOf(after)]
  const patch = structuredPatch(name, name, old, now, undefined, undefined, { context: 3, timeout })
  if (patch === undefined) return `${heads}files differ (${lineCount(old)} → ${lineCount(now)} lines)\n`
  if (patch.hunks.length === 0) return `${heads}(empty)\n`
  const hunks = patch.hunks.map(hunk => {
    const range = (start: number, lines: number) =>
      lines === 1 ? `${start}` : `${lines === 0 ? start - 1 : start},${lines}`
    const head = `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`
    return [head, ...hunk.lines].join('\n')
  })
  return `${heads}${hunks.join('\n')}\n`
}

const COLOURS: readonly (readonly [string, Colour])[] = [
  ['--- ', 'bold'],
  ['+++ ', 'bold'],
  ['@@', 'cyan'],
  ['-', 'red'],
  ['+', 'green'],
  ['\\', 'dim'],
]

/** Colours a unified diff for a terminal. Headers are recognised only at the beginning of a file, so a removed line `-- x` is no header. */
export function colourDiff(text: string): string {
  let inHunk = false
  return text
    .split('\n')
    .map((line, i, all) => {
      if (line.startsWith('--- ') && all[i + 1]?.startsWith('+++ ') && (all[i + 2]?.startsWith('@@') ?? false))
        inHunk = false
      const colour = COLOURS.find(([start, its]) => line.startsWith(start) && !(inHunk && its === 'bold'))?.[1]
      if (line.startsWith('@@')) inHunk = true
      return colour ? painted(colour, line) : line
    })
    .join('\n')
}

// Folders and links have no text to diff: one line instead of a hunk.
function createdOrRemoved(before: Side, after: Side): string | undefined {
  const [there, word] = before === null ? [after, 'new'] : [before, 'removed']
  if ((before !== null && after !== null) || there === null || typeof there === 'string') return undefined
  const entries = Object.entries(there)
  if (entries.some(([, value]) => value !== null && typeof value === 'object')) return undefined
  return `${word}, ${entries.map(([key, value]) => `${key} ${value}`).join(', ')}`
}

const textOf = (side: Side): string => {
  if (side === null) return ''
  return typeof side === 'string' ? side : `${yamlLines(side).join('\n')}\n`
}

// Bytes are checked directly; in decoded text U+FFFD shows that it was binary.
const isBinary = (side: Side): boolean =>
  typeof side === 'string' ? /[\0\ufffd]|\p{Surrogate}/u.test(side) : side?.['binary'] === true

const byteLength = (side: Side): number =>
  side !== null && typeof side === 'object' && typeof side['size'] === 'number'
    ? side['size']
    : Buffer.byteLength(textOf(side))
const lineCount = (text: string): number => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length)

function attributesOnly(before: Side, after: Side): string | undefined {
  if (before === null || after === null || typeof before === 'string' || typeof after === 'string') return undefined
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const differing = keys.filter(key => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  if (!differing.every(key => ATTRIBUTES.has(key))) return undefined
  return differing.map(key => `${key} ${before[key] ?? 'unset'} → ${after[key] ?? 'unset'}`).join(', ')
}
