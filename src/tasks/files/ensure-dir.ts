import { taskType } from '../../model/task-type.ts'
import { lines, nothing, sh } from '../../text/sh.ts'
import {
  attributeChange,
  attributeParams,
  differing,
  inDigits,
  lookAt,
  notLookedAt,
  numbersOf,
  pathState,
  unknownAccounts,
} from '../kit/attributes.ts'
import { pathParam, plainPath } from '../kit/host-path.ts'
import { pathResults } from '../kit/path-results.ts'
import { makeFolders, removeFolders } from './make-folders.ts'

export default taskType({
  name: 'ensure-dir',
  summary: 'a directory, with its parents',
  example: {
    name: 'a folder for data',
    params: { path: '/srv/data', owner: 'www-data', group: 'www-data', mode: '0750' },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: {
      path: pathParam('an absolute path; ~ is the home of the account there'),
      ...attributeParams,
    },
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
  plan: ({ path: given, ...asked }, found, { pending }) => {
    const path = plainPath(given)
    const wanted = inDigits(asked, found, true)
    const wrong = notLookedAt(found, path) ?? unknownAccounts(found, pending)
    if (wrong !== undefined) return { changes: [], problem: wrong }
    if (found.kind === 'directory' || (found.kind === 'link' && found.blocked === undefined)) {
      if (found.foreign === true && Object.keys(differing(wanted, found)).length > 0)
        return {
          changes: [],
          problem: `${path} is a link, and the folder it leads to is not its owner's: name the folder itself`,
        }
      return attributeChange(path, wanted, found)
    }
    if (found.blocked !== undefined) return { changes: [], problem: `${found.blocked} is there and no folder` }
    if (pending.length === 0 && found.may !== true)
      return {
        changes: [],
        problem:
          found.locked === true
            ? `not even root may make ${found.missing}: its file system is read-only, or the folder it goes into is immutable`
            : `this account may not write where ${found.missing} would be: become: true is needed`,
      }
    const made = { path, depth: found.depth ?? 1 }
    if (path.split('/').slice(-made.depth).includes('..'))
      return { changes: [], problem: `${path} leads up from a folder that does not exist: name it without ..` }
    return [
      {
        what: `create directory ${path}`,
        before: null,
        after: { kind: 'directory', ...wanted },
        path,
        sh: makeFolders(made, {
          ...numbersOf(wanted, found),
          ...(wanted.mode === undefined ? {} : { mode: wanted.mode }),
        }),
        undo: { sh: removeFolders(made) },
      },
    ]
  },
  results: ({ path }, found) => ({ path: plainPath(path), ...pathResults(found) }),
  samples: [
    {
      title: 'a new one with parents',
      params: { path: '@DIR@/a/b/c', mode: '0750' },
      proof: sh`[ -d a/b/c ] && [ "$(stat -c %a a/b/c)" = 750 ]`,
    },
    { title: 'one there already', params: { path: '@DIR@/a' }, given: sh`mkdir a`, expect: 'converged' },
    {
      title: 'another mode',
      params: { path: '@DIR@/a', mode: '0700' },
      given: sh`mkdir a; chmod 755 a`,
      proof: sh`[ "$(stat -c %a a)" = 700 ]`,
    },
    {
      title: 'a mode in letters',
      params: { path: '@DIR@/a', mode: 'g+w,o=' },
      given: sh`mkdir a; chmod 755 a`,
      proof: sh`[ "$(stat -c %a a)" = 770 ]`,
    },
    {
      title: 'a new one by letters',
      params: { path: '@DIR@/a', mode: 'u=rwX,go=' },
      proof: sh`[ "$(stat -c %a a)" = 700 ]`,
    },
    {
      title: 'letters that hold already',
      params: { path: '@DIR@/a', mode: 'a+X' },
      given: sh`mkdir a; chmod 755 a`,
      expect: 'converged',
    },
    { title: 'odd names', params: { path: "@DIR@/it's a $HOME" }, proof: sh`[ -d ${"it's a $HOME"} ]` },
    { title: 'a link to a folder', params: { path: '@DIR@/l' }, given: sh`mkdir a; ln -s a l`, expect: 'converged' },
    { title: 'a file in the way', params: { path: '@DIR@/f/x' }, given: sh`: > f`, expect: { problem: 'no folder' } },
    {
      title: 'an unknown owner',
      params: { path: '@DIR@/a', owner: 'nobody-of-that-name' },
      expect: { problem: 'no user' },
    },
  ],
})
