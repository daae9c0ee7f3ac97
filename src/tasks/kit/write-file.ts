import type { Change, ChangeScript, Side } from '../../model/change.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Resource } from '../../model/resource.ts'
import type { Plan, PlanContext } from '../../model/task-type.ts'
import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import {
  attributeChange,
  attributesAfter,
  attributesOf,
  differing,
  type FoundAttributes,
  inDigits,
  lookAt,
  notLookedAt,
  numbersOf,
  obstacle,
  pathState,
  unknownAccounts,
  type WantedAttributes,
} from './attributes.ts'
import { type Checksum, checksumOf, cksum } from './checksum.ts'
import { plainPath } from './host-path.ts'
import type { Ownership } from './set-attributes.ts'
import { sha256Of } from './sha256.ts'
import { sideOf } from './side.ts'
import { linkScript, removeScript, writeScript } from './write-script.ts'

/** Files up to this many bytes are read whole, for the diff and to be put back; of bigger ones only the checksum. */
const READ_UP_TO = 512 * 1024

export const fileState = {
  ...pathState,
  content: { type: 'string', contentEncoding: '8bit' },
  sha256: { type: 'string' },
  cksum: { type: 'string' },
  size: { type: 'integer' },
  unreadable: { type: 'boolean' },
} as const

export interface FoundFile extends FoundAttributes {
  readonly content?: string
  readonly sha256?: string
  readonly cksum?: string
  readonly size?: number
  readonly unreadable?: boolean
}

export interface WantedFile extends WantedAttributes {
  readonly dest: string
  readonly backup?: boolean
  readonly validate?: string
}

// Params are rendered when they are read: only what the look needs may be touched here, never the content.
export const readFile = (wanted: Pick<WantedFile, 'dest' | 'owner' | 'group'>): Script =>
  lines(
    lookAt(wanted.dest, wanted),
    sh`if [ -f "$p" ]; then
  if [ ! -r "$p" ]; then fact unreadable 1
  else
    n=\${a##* }; fact size "$n"
    if [ "$n" -le ${READ_UP_TO} ]; then fact_file content "$p"
    elif s=$(sha256sum <"$p" 2>/dev/null) && [ -n "$s" ]; then fact sha256 "\${s%% *}"
    else set -- $(cksum <"$p" 2>/dev/null); fact cksum "$1 $2"; fi
  fi
fi`,
    nothing,
  )

export interface Content {
  readonly bytes: Uint8Array
  /** How the two sides look in a diff; the text itself unless it holds secrets. */
  readonly shown?: { readonly before: string | null; readonly after: string }
  readonly what?: string
}

/** Brings a file to its bytes and attributes: one change, or only one of attributes, or none. */
export function planFile(
  asked: WantedFile,
  found: FoundFile,
  { expected, ...content }: Content & Pick<PlanContext, 'expected'>,
): Plan {
  const dest = plainPath(asked.dest)
  const wanted = inDigits(asked, found.kind === 'file' ? found : {}, false)
  const wrong = unusable(asked.dest, found, expected)
  if (wrong !== undefined) return { changes: [], problem: wrong }
  const exists = found.kind === 'file'
  if (exists && same(content.bytes, found))
    return attributeChange(dest, wanted, { ...found, checksum: smallSum(found) })
  const problem = obstacle(dest, found, expected)
  if (problem !== undefined) return { changes: [], problem }
  const has = attributesOf(found)
  const is = { uid: has.uid, gid: has.gid, mode: has.mode }
  // What is not asked for stays as it was: a new inode would otherwise lose the owner and mode that someone gave it.
  const to: Ownership = {
    ...(exists ? is : {}),
    ...numbersOf(wanted, found),
    mode: wanted.mode ?? (exists ? has.mode : '0644'),
  }
  const undo = undoOf(dest, found, { to: is, checksum: checksumOf(content.bytes) })
  const change: Change = {
    ...shownChange(wanted, found, content),
    path: dest,
    provides: [{ kind: 'path', name: dest }],
    ...(content.shown === undefined && [has.mode, to.mode].some(ownersOnly) ? { private: true } : {}),
    sh: writeScript({
      dest,
      checksum: checksumOf(content.bytes),
      to,
      old: exists ? sumOf(found) : undefined,
      backup: asked.backup,
      validate: asked.validate,
    }),
    payload: content.bytes,
    ...(undo === undefined ? {} : { undo }),
  }
  return { changes: [change], after: fileAfter(wanted, found, content.bytes) }
}

/** What a look at the file will find once it is written. */
const fileAfter = (wanted: WantedFile, found: FoundFile, bytes: Uint8Array): JsonObject => {
  const attributes = found.kind === 'file' ? attributesAfter(wanted, found, bytes.length) : undefined
  return {
    kind: 'file',
    size: bytes.length,
    ...(bytes.length > READ_UP_TO ? {} : { content: Buffer.from(bytes).toString('latin1') }),
    ...(attributes === undefined ? {} : { attributes }),
  }
}

/** What of the change a person sees. */
const shownChange = (
  wanted: WantedFile,
  found: FoundFile,
  content: Content,
): Pick<Change, 'what' | 'before' | 'after'> => {
  const exists = found.kind === 'file'
  const dest = plainPath(wanted.dest)
  const differs = exists ? Object.entries(differing(wanted, found)) : []
  const also =
    differs.length === 0 ? '' : ` (${differs.map(([name, [was, now]]) => `${name} ${was} → ${now}`).join(', ')})`
  // Of what is too big to be looked at, both sides are told by size and checksum.
  const big = content.bytes.length > READ_UP_TO || (exists && found.content === undefined)
  const before: Side = exists
    ? found.content === undefined
      ? { size: found.size ?? 0, sha256: found.sha256 ?? '' }
      : sideOf(Buffer.from(found.content, 'latin1'), big)
    : found.kind === 'link'
      ? { link: found.target ?? '' }
      : null
  return {
    what: `${content.what ?? (exists ? `write ${dest}` : `create ${dest}`)}${also}`,
    before: content.shown === undefined ? before : content.shown.before,
    after: content.shown?.after ?? sideOf(content.bytes, big),
  }
}

/** Whether a mode lets nobody but the owner read. */
export const ownersOnly = (mode: string | undefined): boolean =>
  mode !== undefined && /^[0-7]+$/.test(mode) && (Number.parseInt(mode, 8) & 0o044) === 0

/** Why the file cannot be judged or written as it is, whatever it is to hold. */
const unusable = (dest: string, found: FoundFile, expected: readonly Resource[]): string | undefined => {
  if (dest.endsWith('/')) return `${dest} names a folder: name the file itself`
  if (found.kind === 'directory') return `${dest} is a folder: name the file itself`
  if (found.kind === 'other') return `${dest} is neither a file nor a link`
  if (found.unreadable === true) return `this account may not read ${dest}: become: true is needed`
  return notLookedAt(found, dest) ?? notWhole(dest, found) ?? unknownAccounts(found, expected)
}

/** What was read of a file is not what is there: half of it must neither be compared nor be put back. */
export const notWhole = (path: string, { kind, content, size, ...sums }: FoundFile): string | undefined => {
  if (content === undefined)
    return kind === 'file' && sums.sha256 === undefined && sums.cksum === undefined && sums.unreadable !== true
      ? `${path} could not be read: the host starts no more processes, or has neither sha256sum nor cksum`
      : undefined
  return size === undefined || content.length === size
    ? undefined
    : `${path} could not be read whole (${content.length} of ${size} bytes): it changes, or its disk is faulty`
}

export const sumOf = ({ content, sha256, cksum }: FoundFile): Checksum =>
  content === undefined
    ? { ...(sha256 === undefined ? {} : { sha256 }), ...(cksum === undefined ? {} : { cksum }) }
    : checksumOf(Buffer.from(content, 'latin1'))

// Nobody reads gigabytes to set a mode.
const smallSum = (found: FoundFile): Checksum | undefined => (found.content === undefined ? undefined : sumOf(found))

const same = (bytes: Uint8Array, found: FoundFile): boolean => {
  if (found.content !== undefined)
    return found.content.length === bytes.length && found.content === Buffer.from(bytes).toString('latin1')
  if (found.size !== bytes.length) return false
  return found.sha256 === undefined ? found.cksum === cksum(bytes) : found.sha256 === sha256Of(bytes)()
}

const undoOf = (
  dest: string,
  found: FoundFile,
  { to, checksum }: { readonly to: Ownership; readonly checksum: Checksum },
): ChangeScript | undefined => {
  if (found.kind === 'absent') return { sh: removeScript(dest) }
  if (found.kind === 'link') return { sh: linkScript(found.target ?? '', dest) }
  if (found.content === undefined) return undefined
  return restored(dest, found.content, { to, over: checksum })
}

/** Puts a file back as it was; `over` is what stands there now, if anything does. */
export const restored = (
  dest: string,
  content: string,
  { to, over }: { readonly to: Ownership; readonly over?: Checksum },
): ChangeScript => {
  const payload = Buffer.from(content, 'latin1')
  return { sh: writeScript({ dest, checksum: checksumOf(payload), to, old: over }), payload }
}
