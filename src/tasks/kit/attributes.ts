import { expects, type Resource } from '../../model/resource.ts'
import type { Plan } from '../../model/task-type.ts'
import { MODE_PATTERN, octalMode } from '../../text/file-mode.ts'
import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { onHost, parentOf, plainPath } from './host-path.ts'
import { setOnFile, setOnFolder } from './set-attributes.ts'

/** Params of whatever lies in the file system. */
export const attributeParams = {
  owner: { type: 'string', minLength: 1, description: 'account name or number' },
  group: { type: 'string', minLength: 1, description: 'group name or number' },
  mode: {
    type: 'string',
    pattern: MODE_PATTERN,
    // A number is never turned into a mode: 420 may be meant as 0644, or as 0420.
    verbatim: true,
    description: 'an octal mode in quotes, such as "0644", or in letters with who first: "u=rwX,go=rX"',
  },
} as const

/** Facts that `lookAt` prints. */
export const pathState = {
  kind: { type: 'string' },
  target: { type: 'string' },
  attributes: { type: 'string' },
  id: { type: 'string' },
  uid: { type: 'string' },
  gid: { type: 'string' },
  unknown: { type: 'array', items: { type: 'string' } },
  parent: { type: 'boolean' },
  writable: { type: 'boolean' },
  locked: { type: 'boolean' },
} as const

export interface WantedAttributes {
  readonly owner?: string
  readonly group?: string
  readonly mode?: string
}

export interface FoundAttributes {
  readonly kind?: string
  readonly target?: string
  /** `mode owner:group uid gid size`. */
  readonly attributes?: string
  /** Device and inode, of a folder. */
  readonly id?: string
  /** Numbers of the wanted owner and group, where they are not what is there already. */
  readonly uid?: string
  readonly gid?: string
  readonly unknown?: readonly string[]
  readonly parent?: boolean
  readonly writable?: boolean
  /** Even root may not write there. */
  readonly locked?: boolean
}

/** What is at a path, whose it is, and whether the accounts that it should get exist. */
export function lookAt(path: string, wanted: Pick<WantedAttributes, 'owner' | 'group'>): Script {
  return lines(
    sh`p=${onHost(path)}
if [ -L "$p" ]; then fact kind link; l=$(readlink "$p"); fact target "$l"
elif [ -d "$p" ]; then fact kind directory
elif [ -f "$p" ]; then fact kind file
elif [ -e "$p" ]; then fact kind other
else fact kind absent; fi
a=$(stat -L -c '%d:%i %a %U:%G %u %g %s' "$p" 2>/dev/null)
[ -d "$p" ] && fact id "\${a%% *}"
a=\${a#* }; fact attributes "$a"
d=${onHost(parentOf(path))}
[ -d "$d" ] && fact parent 1
if [ -w "$d" ]; then fact writable 1; elif [ -d "$d" ] && [ -O / ]; then fact locked 1; fi`,
    // Who has the file already need not be looked up: a look at a converged host starts few processes.
    wanted.owner === undefined || isNumber(wanted.owner)
      ? nothing
      : sh`case $a in *" "${wanted.owner}":"*) ;; *) if u=$(id -u -- ${wanted.owner} 2>/dev/null); then fact uid "$u"; elif id -u >/dev/null; then fact unknown ${`user ${wanted.owner}`}; fi;; esac`,
    wanted.group === undefined || isNumber(wanted.group)
      ? nothing
      : sh`case $a in *":"${wanted.group}" "*) ;; *) g=$(getent group ${wanted.group} 2>/dev/null) || while IFS=: read -r x y z w; do [ "$x" != ${wanted.group} ] || g=$x:$y:$z; done </etc/group
g=\${g#*:*:}; g=\${g%%:*}
if [ -n "$g" ]; then fact gid "$g"; else fact unknown ${`group ${wanted.group}`}; fi;; esac`,
    nothing,
  )
}

const isNumber = (name: string): boolean => /^\d+$/.test(name)

/** Why nothing can be written there, or undefined. An earlier step of a dry run may still make what is missing. */
export function obstacle(path: string, found: FoundAttributes, expected: readonly Resource[]): string | undefined {
  const folder = plainPath(parentOf(path))
  const unknown = unknownAccounts(found, expected)
  if (unknown !== undefined || expects(expected, 'path', folder)) return unknown
  return found.parent === true
    ? notWritable(found, `write in ${folder}`)
    : `the folder ${folder} does not exist: make it with ensure-dir first`
}

/** Accounts that are wanted, are not there, and are not expected from earlier steps either. */
export function unknownAccounts({ unknown = [] }: FoundAttributes, expected: readonly Resource[]): string | undefined {
  const lacking = unknown.flatMap(one => {
    const [, kind = '', name = ''] = /^(user|group) (.*)$/s.exec(one) ?? []
    return expects(expected, kind as 'user' | 'group', name) ? [] : [`${kind} '${name}'`]
  })
  return lacking.length === 0 ? undefined : `there is no ${lacking.join(' and no ')} on this host`
}

/** Why this account may not do `what` in a folder, or undefined. */
export const notWritable = ({ writable, locked }: FoundAttributes, what: string): string | undefined =>
  writable === true
    ? undefined
    : locked === true
      ? `not even root may ${what}: its file system is read-only, or the folder is immutable`
      : `this account may not ${what}: become: true is needed`

/** A look whose answer broke off says nothing of the host: whoever reads it as "absent" would act on thin air. */
export const notLookedAt = ({ kind, attributes, parent }: FoundAttributes, path: string): string | undefined =>
  kind === undefined ||
  (attributes === undefined && parent === undefined) ||
  ((kind === 'file' || kind === 'directory') && attributes === '')
    ? `${path} could not be looked at: the host starts no more processes, or its answer broke off`
    : undefined

export interface Attributes {
  readonly mode: string
  readonly owner: string
  readonly group: string
  readonly uid: string
  readonly gid: string
}

export const attributesOf = ({ attributes }: FoundAttributes): Attributes => {
  const [, mode = '', names = '', uid = '', gid = ''] = /^(\d+) (.*) (\d+) (\d+) \d+$/s.exec(attributes ?? '') ?? []
  // Names of a directory service may hold blanks, but no colon.
  const [owner = '', group = ''] = names.includes(':') ? names.split(':') : names.split(' ')
  return { mode: mode === '' ? '' : mode.padStart(4, '0'), owner, group, uid, gid }
}

/** The wanted attributes with a mode in letters worked out from what is there, or from what a new file or folder gets. */
export function inDigits<W extends WantedAttributes>(wanted: W, found: FoundAttributes, folder: boolean): W {
  if (wanted.mode === undefined) return wanted
  const { mode } = attributesOf(found)
  return { ...wanted, mode: octalMode(wanted.mode, mode === '' ? (folder ? '0755' : '0644') : mode, folder) }
}

/** The wanted owner and group as the host counts them; by name where an earlier step is still to make them. */
export function numbersOf(
  wanted: WantedAttributes,
  found: FoundAttributes,
): { readonly uid?: string; readonly gid?: string } {
  const has = attributesOf(found)
  const uid = wanted.owner === has.owner ? has.uid : (found.uid ?? wanted.owner)
  const gid = wanted.group === has.group ? has.gid : (found.gid ?? wanted.group)
  return {
    ...(uid === undefined || wanted.owner === undefined ? {} : { uid: plainNumber(uid) }),
    ...(gid === undefined || wanted.group === undefined ? {} : { gid: plainNumber(gid) }),
  }
}

const plainNumber = (text: string): string => (/^\d+$/.test(text) ? String(BigInt(text)) : text)

/** What of the wanted attributes is not so, by name: `[is, should be]`. */
export function differing(
  wanted: WantedAttributes,
  found: FoundAttributes,
): Readonly<Record<string, readonly [string, string]>> {
  const has = attributesOf(found)
  const { uid, gid } = numbersOf(wanted, found)
  const differs: Record<string, readonly [string, string]> = {}
  const mode = wanted.mode?.padStart(4, '0')
  if (mode !== undefined && mode !== has.mode) differs['mode'] = [has.mode, mode]
  if (uid !== undefined && uid !== has.uid) differs['owner'] = [named(has.owner, has.uid), wanted.owner ?? uid]
  if (gid !== undefined && gid !== has.gid) differs['group'] = [named(has.group, has.gid), wanted.group ?? gid]
  return differs
}

const named = (name: string, number: string): string => (name === '' || name === 'UNKNOWN' ? number : name)

/** `attributes` as a look will find them, where their names are known: a number may have any name, or none. */
export function attributesAfter(wanted: WantedAttributes, found: FoundAttributes, size?: number): string | undefined {
  const has = attributesOf(found)
  const { uid = has.uid, gid = has.gid } = numbersOf(wanted, found)
  const { owner = has.owner, group = has.group, mode = has.mode } = wanted
  const [, was = ''] = / (\d+)$/.exec(found.attributes ?? '') ?? []
  const known =
    [uid, gid].every(isNumber) && ![owner, group].some(isNumber) && owner !== '' && !/\s/.test(owner + group)
  return known && mode !== ''
    ? `${Number.parseInt(mode, 8).toString(8)} ${owner}:${group} ${uid} ${gid} ${size ?? was}`
    : undefined
}

/** A change of nothing but attributes, or none. `checksum` is of what is in the file, where that is known. */
export function attributeChange(
  path: string,
  wanted: WantedAttributes,
  found: FoundAttributes & { readonly checksum?: Parameters<typeof setOnFile>[1]['checksum'] },
): Plan {
  const differs = differing(wanted, found)
  if (Object.keys(differs).length === 0) return { changes: [] }
  const side = (which: 0 | 1) => Object.fromEntries(Object.entries(differs).map(([name, pair]) => [name, pair[which]]))
  const has = attributesOf(found)
  const { uid = has.uid, gid = has.gid } = numbersOf(wanted, found)
  const was = { uid: has.uid, gid: has.gid, mode: has.mode }
  const then = { uid, gid, mode: wanted.mode?.padStart(4, '0') ?? has.mode }
  const set = (from: typeof was, to: typeof was): Script =>
    found.kind === 'file'
      ? setOnFile(path, { from, to, checksum: found.checksum })
      : setOnFolder(path, { to, id: found.id })
  const attributes = attributesAfter(wanted, found)
  const change = {
    what: `set ${Object.entries(differs)
      .map(([name, [, now]]) => `${name} ${now}`)
      .join(', ')} on ${path}`,
    before: side(0),
    after: side(1),
    path,
    provides: [{ kind: 'path', name: path }],
    sh: set(was, then),
    undo: { sh: set(then, was) },
  } as const
  return { changes: [change], ...(attributes === undefined ? {} : { after: { attributes } }) }
}
