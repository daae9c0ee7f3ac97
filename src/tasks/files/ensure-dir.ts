import { expects, type Resource } from '../../model/resource.ts'
import { type Plan, taskType } from '../../model/task-type.ts'
import { lines, nothing, sh } from '../../text/sh.ts'
import {
  attributeChange,
  attributeParams,
  differing,
  type FoundAttributes,
  inDigits,
  lookAt,
  notLookedAt,
  numbersOf,
  pathState,
  unknownAccounts,
  type WantedAttributes,
} from '../kit/attributes.ts'
import { path as pathSchema } from '../kit/file-params.ts'
import { parentOf, plainPath } from '../kit/host-path.ts'
import { pathResults } from '../kit/path-results.ts'
import { makeFolders, removeFolders } from './make-folders.ts'

export default taskType({
  name: 'ensure-dir',
  summary: 'a directory, with its parents',
  example: {
    name: 'a folder for data',
    params: { path: '/srv/data', owner: 'www-data', group: 'www-data', mode: '0750' },
  },
  ansible: ['file'],
  instead: {
    recurse: 'owner and mode are those of the folder; write shell: chown -R for what is inside',
    state: 'a folder is what this makes: remove-path takes away, symlink links, copy-file writes files',
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: { path: pathSchema, ...attributeParams },
  },
  shorthand: 'path',
  state: {
    type: 'object',
    properties: {
      ...pathState,
      missing: { type: 'string' },
      depth: { type: 'integer' },
      blocked: { type: 'string' },
      may: { type: 'boolean' },
      foreign: { type: 'boolean' },
    },
  },
  probe: ({ path, ...wanted }) =>
    lines(
      lookAt(plainPath(path), wanted),
      // A link of one account to a folder of another: whoever made it must not get that folder.
      wanted.owner === undefined && wanted.group === undefined && wanted.mode === undefined
        ? nothing
        : sh`[ ! -L "$p" ] || [ ! -d "$p" ] || case $(stat -c %u "$p") in 0 | "$(id -u)" | "$(stat -L -c %u "$p")") ;; *) fact foreign 1 ;; esac`,
      sh`m= n=0; while [ ! -e "$p" ] && [ ! -L "$p" ]; do
case $p in /?*) ;; *) break ;; esac
m=$p n=$((n + 1)) p=\${p%/*}; [ -n "$p" ] || p=/
done
fact missing "$m"; fact depth "$n"
[ -d "$p" ] || fact blocked "$p"
if [ -w "$p" ]; then fact may 1; elif [ -O / ]; then fact locked 1; fi`,
    ),
  plan: ({ path: given, ...asked }, found, { expected }) => {
    const path = plainPath(given)
    const wanted = inDigits(asked, found, true)
    const wrong = notLookedAt(found, path) ?? unknownAccounts(found, expected)
    if (wrong !== undefined) return { changes: [], problem: wrong }
    const isThere = found.kind === 'directory' || (found.kind === 'link' && found.blocked === undefined)
    return isThere ? setOn(path, wanted, found) : make(path, wanted, { found, expected })
  },
  results: ({ path }, found) => ({ path: plainPath(path), ...pathResults(found) }),
})

interface FoundFolder extends FoundAttributes {
  /** The topmost folder of the path that is not there, and how many are missing. */
  readonly missing?: string
  readonly depth?: number
  /** What stands on the way and is no folder. */
  readonly blocked?: string
  /** The missing folder can be made. */
  readonly may?: boolean
  /** A link of one account to a folder of another. */
  readonly foreign?: boolean
}

const setOn = (path: string, wanted: WantedAttributes, found: FoundFolder): Plan =>
  found.foreign === true && Object.keys(differing(wanted, found)).length > 0
    ? {
        changes: [],
        problem: `${path} is a link, and the folder it leads to is not its owner's: name the folder itself`,
      }
    : attributeChange(path, wanted, found)

const make = (
  path: string,
  wanted: WantedAttributes,
  { found, expected }: { readonly found: FoundFolder; readonly expected: readonly Resource[] },
): Plan => {
  const missing = { path, depth: found.depth ?? 1 }
  const problem = obstacle(missing, found, expected)
  if (problem !== undefined) return { changes: [], problem }
  const { mode } = wanted
  const to = { ...numbersOf(wanted, found), ...(mode === undefined ? {} : { mode }) }
  const change = {
    what: `create directory ${path}`,
    before: null,
    after: { kind: 'directory', ...wanted },
    path,
    provides: [{ kind: 'path', name: path }],
    sh: makeFolders(missing, to),
    undo: { sh: removeFolders(missing) },
  } as const
  return { changes: [change], after: { kind: 'directory', depth: 0 } }
}

const obstacle = (
  { path, depth }: { readonly path: string; readonly depth: number },
  { blocked, may, locked, missing = '' }: FoundFolder,
  expected: readonly Resource[],
): string | undefined => {
  if (blocked !== undefined) return `${blocked} is there and no folder`
  if (may !== true && !expects(expected, 'path', parentOf(missing)))
    return locked === true
      ? `not even root may make ${missing}: its file system is read-only, or the folder it goes into is immutable`
      : `this account may not write where ${missing} would be: become: true is needed`
  return path.split('/').slice(-depth).includes('..')
    ? `${path} leads up from a folder that does not exist: name it without ..`
    : undefined
}
