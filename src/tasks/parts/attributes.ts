import type { Change } from '../../model/change.ts'
import { MODE_PATTERN, octalMode } from '../../text/file-mode.ts'
import { lines, nothing, type Script, sh } from '../../text/sh.ts'

/** Params of whatever lies in the file system. */
export const attributeParams = {
  owner: { type: 'string', description: 'account name or number' },
  group: { type: 'string', description: 'group name or number' },
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
  unknown: { type: 'array', items: { type: 'string' } },
  parent: { type: 'boolean' },
  writable: { type: 'boolean' },
} as const

export interface Wanted {
  readonly owner?: string
  readonly group?: string
  readonly mode?: string
}

export interface Found {
  readonly kind?: string
  readonly target?: string
  readonly attributes?: string
  readonly unknown?: readonly string[]
  readonly parent?: boolean
  readonly writable?: boolean
}

export const parentOf = (path: string): string => path.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/'

/** What is at a path, whose it is, and whether the accounts that it should get exist. */
export function lookAt(path: string, wanted: Pick<Wanted, 'owner' | 'group'>): Script {
  return lines(
    sh`p=${path}
if [ -L "$p" ]; then fact kind link; fact target "$(readlink "$p")"
elif [ -d "$p" ]; then fact kind directory
elif [ -f "$p" ]; then fact kind file
elif [ -e "$p" ]; then fact kind other
else fact kind absent; fi
a=$(stat -L -c '%a %U %G %u %g %s' "$p" 2>/dev/null); fact attributes "$a"
d=${parentOf(path)}
[ -d "$d" ] && fact parent 1
[ -w "$d" ] && fact writable 1`,
    // Who has the file already need not be looked up: a look at a converged host starts few processes.
    wanted.owner === undefined || /^\d+$/.test(wanted.owner)
      ? nothing
      : sh`case $a in *" "${wanted.owner}" "*) ;; *) id -u ${wanted.owner} >/dev/null 2>&1 || fact unknown ${`user '${wanted.owner}'`};; esac`,
    wanted.group === undefined || /^\d+$/.test(wanted.group)
      ? nothing
      : sh`case $a in *" "${wanted.group}" "*) ;; *) { getent group ${wanted.group} || grep ${`^${wanted.group}:`} /etc/group; } >/dev/null 2>&1 || fact unknown ${`group '${wanted.group}'`};; esac`,
  )
}

/** Why nothing can be written there, or undefined. An earlier step of a dry run may still make what is missing. */
export function obstacle(path: string, found: Found, pending: readonly unknown[]): string | undefined {
  if (pending.length > 0) return undefined
  if (found.unknown !== undefined && found.unknown.length > 0)
    return `there is no ${found.unknown.join(' and no ')} on this host`
  if (found.parent !== true) return `the folder ${parentOf(path)} does not exist: make it with ensure-dir first`
  if (found.writable !== true) return `this account may not write in ${parentOf(path)}: become: true is needed`
  return undefined
}

export interface Attributes {
  readonly mode: string
  readonly owner: string
  readonly group: string
  readonly uid: string
  readonly gid: string
}

export const attributesOf = ({ attributes }: Found): Attributes => {
  const [mode = '', owner = '', group = '', uid = '', gid = ''] = (attributes ?? '').split(' ')
  return { mode: mode === '' ? '' : mode.padStart(4, '0'), owner, group, uid, gid }
}

/** The wanted attributes with a mode in letters worked out from what is there, or from what a new file or folder gets. */
export function inDigits<W extends Wanted>(wanted: W, found: Found, folder: boolean): W {
  if (wanted.mode === undefined) return wanted
  const { mode } = attributesOf(found)
  return { ...wanted, mode: octalMode(wanted.mode, mode === '' ? (folder ? '0755' : '0644') : mode, folder) }
}

/** What of the wanted attributes is not so, by name: `[is, should be]`. */
export function differing(wanted: Wanted, has: Attributes): Readonly<Record<string, readonly [string, string]>> {
  const differs: Record<string, readonly [string, string]> = {}
  const mode = wanted.mode?.padStart(4, '0')
  if (mode !== undefined && mode !== has.mode) differs['mode'] = [has.mode, mode]
  if (wanted.owner !== undefined && wanted.owner !== has.owner && wanted.owner !== has.uid)
    differs['owner'] = [has.owner, wanted.owner]
  if (wanted.group !== undefined && wanted.group !== has.group && wanted.group !== has.gid)
    differs['group'] = [has.group, wanted.group]
  return differs
}

// chmod comes last: chown takes away set-id bits.
export function setAttributes(path: Script, { owner, group, mode }: Wanted): Script {
  const whose = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`
  const steps = [
    ...(whose === '' ? [] : [sh`chown ${whose} ${path}`]),
    ...(mode === undefined ? [] : [sh`chmod ${mode} ${path}`]),
  ]
  return steps.reduce((all, step) => (all === nothing ? step : sh`${all} && ${step}`), nothing)
}

/** A change of nothing but attributes, or none. */
export function attributeChange(path: string, wanted: Wanted, found: Found): readonly Change[] {
  const differs = differing(wanted, attributesOf(found))
  if (Object.keys(differs).length === 0) return []
  const side = (which: 0 | 1) => Object.fromEntries(Object.entries(differs).map(([name, pair]) => [name, pair[which]]))
  return [
    {
      what: `set ${Object.entries(differs)
        .map(([name, [, now]]) => `${name} ${now}`)
        .join(', ')} on ${path}`,
      before: side(0),
      after: side(1),
      path,
      sh: setAttributes(sh`${path}`, side(1)),
      undo: { sh: setAttributes(sh`${path}`, side(0)) },
    },
  ]
}
