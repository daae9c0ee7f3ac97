import type { Change, Deed, Side } from '../../model/change.ts'
import type { Plan, PlanContext } from '../../model/task-type.ts'
import { lines, nothing, type Script, sh, userScript } from '../../text/sh.ts'
import {
  attributeChange,
  attributesOf,
  differing,
  type Found,
  inDigits,
  lookAt,
  obstacle,
  parentOf,
  pathState,
  setAttributes,
  type Wanted,
} from './attributes.ts'
import { sha256Of } from './sha256.ts'

/** Files up to this many bytes are read whole, for the diff and to be put back; of bigger ones only the checksum. */
const READ_UP_TO = 512 * 1024

export const fileState = {
  ...pathState,
  content: { type: 'string', contentEncoding: '8bit' },
  sha256: { type: 'string' },
  size: { type: 'integer' },
  unreadable: { type: 'boolean' },
} as const

export interface FoundFile extends Found {
  readonly content?: string
  readonly sha256?: string
  readonly size?: number
  readonly unreadable?: boolean
}

export interface WantedFile extends Wanted {
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
    if [ "$n" -le ${READ_UP_TO} ]; then fact_file content "$p"; else set -- $(sha256sum < "$p"); fact sha256 "$1"; fi
  fi
fi`,
  )

export interface Content {
  readonly bytes: Uint8Array
  /** Hex, of `bytes`. */
  readonly sha256: () => string
  /** How the two sides look in a diff; the text itself unless it holds secrets. */
  readonly shown?: { readonly before: string | null; readonly after: string }
  readonly what?: string
}

/** Brings a file to its bytes and attributes: one change, or only one of attributes, or none. */
export function planFile(
  asked: WantedFile,
  found: FoundFile,
  { pending, ...content }: Content & Pick<PlanContext, 'pending'>,
): Plan | readonly Change[] {
  const wanted = inDigits(asked, found.kind === 'file' ? found : {}, false)
  const { dest } = wanted
  if (found.kind === 'directory') return { changes: [], problem: `${dest} is a folder: name the file itself` }
  if (found.kind === 'other') return { changes: [], problem: `${dest} is neither a file nor a link` }
  if (found.unreadable === true)
    return { changes: [], problem: `this account may not read ${dest}: become: true is needed` }
  if (found.kind === 'file' && same(content, found)) return attributeChange(dest, wanted, found)
  const problem = obstacle(dest, found, pending)
  if (problem !== undefined) return { changes: [], problem }
  const has = attributesOf(found)
  const exists = found.kind === 'file'
  // What is not asked for stays as it was: a new inode would otherwise lose the owner and mode that someone gave it.
  const keep: Wanted = exists
    ? { owner: wanted.owner ?? has.owner, group: wanted.group ?? has.group, mode: wanted.mode ?? has.mode }
    : { ...wanted, mode: wanted.mode ?? '0644' }
  const differs = exists ? Object.entries(differing(wanted, has)) : []
  const also =
    differs.length === 0 ? '' : ` (${differs.map(([name, [was, now]]) => `${name} ${was} → ${now}`).join(', ')})`
  // Of what is too big to be looked at, both sides are told by size and checksum.
  const big = content.bytes.length > READ_UP_TO || (exists && found.content === undefined)
  const before: Side = exists
    ? found.content === undefined
      ? { size: found.size ?? 0, sha256: found.sha256 ?? '' }
      : big
        ? { size: found.content.length, sha256: sha256Of(Buffer.from(found.content, 'latin1'))() }
        : decoded(found.content)
    : found.kind === 'link'
      ? { link: found.target ?? '' }
      : null
  const after: Side = big
    ? { size: content.bytes.length, sha256: content.sha256() }
    : Buffer.from(content.bytes).toString('utf8')
  const undo = undoOf(dest, found, has)
  return [
    {
      what: `${content.what ?? (exists ? `write ${dest}` : `create ${dest}`)}${also}`,
      before: content.shown?.before === undefined ? before : content.shown.before,
      after: content.shown?.after ?? after,
      path: dest,
      ...(content.shown === undefined && [has.mode, keep.mode].some(ownersOnly) ? { private: true } : {}),
      sh: writeTo(wanted, keep),
      payload: content.bytes,
      ...(undo === undefined ? {} : { undo }),
    },
  ]
}

/** Whether a mode lets nobody but the owner read. */
export const ownersOnly = (mode: string | undefined): boolean =>
  mode !== undefined && /^[0-7]+$/.test(mode) && (Number.parseInt(mode, 8) & 0o044) === 0

const same = (content: Content, found: FoundFile): boolean =>
  found.content === undefined
    ? found.size === content.bytes.length && found.sha256 === content.sha256()
    : found.content.length === content.bytes.length && found.content === Buffer.from(content.bytes).toString('latin1')

const decoded = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8')

const undoOf = (dest: string, found: FoundFile, has: Wanted): Deed | undefined => {
  if (found.kind === 'absent') return { sh: sh`rm -f ${dest}` }
  if (found.kind === 'link') return { sh: sh`rm -f ${dest} && ln -s -- ${found.target ?? ''} ${dest}` }
  if (found.content === undefined) return undefined
  return {
    sh: writeTo({ dest }, { owner: has.owner, group: has.group, mode: has.mode ?? '0644' }),
    payload: Buffer.from(found.content, 'latin1'),
  }
}

/** Beside the target, whole and on the disk, with its attributes, checked; only then under its name, in one step. */
function writeTo({ dest, backup, validate }: WantedFile, keep: Wanted): Script {
  const name = dest.slice(dest.lastIndexOf('/') + 1)
  const template = `${parentOf(dest) === '/' ? '' : parentOf(dest)}/.${name.slice(0, 200)}.XXXXXX`
  const checked =
    validate === undefined
      ? nothing
      : sh`( ${userScript(validate.replaceAll('%s', '"$t"'))} ) >&2 || { echo "validate refused the new file" >&2; exit 1; }`
  return lines(
    sh`t=$(mktemp ${template}) || exit 1
trap 'rm -f "$t"' EXIT
dd if="$payload" of="$t" bs=65536 conv=fsync 2>/dev/null || { echo "the file could not be written: is the disk full?" >&2; exit 1; }`,
    sh`${setAttributes(sh`"$t"`, keep)} || exit 1`,
    checked,
    backup === true
      ? sh`if [ -f ${dest} ]; then cp -p ${dest} ${dest}."$(date +%Y%m%dT%H%M%S)"~ || exit 1; fi`
      : nothing,
    sh`mv -f "$t" ${dest}`,
  )
}
