import { taskType } from '../model/task-type.ts'
import { lines, sh } from '../text/sh.ts'
import { attributeChange, attributeParams, inDigits, lookAt, pathState, setAttributes } from './parts/attributes.ts'

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
      path: { type: 'string', pattern: '^/', description: 'an absolute path' },
      ...attributeParams,
    },
  },
  shorthand: 'path',
  state: {
    type: 'object',
    properties: { ...pathState, missing: { type: 'string' }, blocked: { type: 'string' }, may: { type: 'boolean' } },
  },
  probe: ({ path, ...wanted }) =>
    lines(
      lookAt(path, wanted),
      sh`m=; while [ ! -e "$p" ] && [ ! -L "$p" ] && [ "$p" != / ]; do m=$p; p=\${p%/}; p=\${p%/*}; [ -n "$p" ] || p=/; done
fact missing "$m"
[ -d "$p" ] || fact blocked "$p"
[ -w "$p" ] && fact may 1`,
    ),
  plan: ({ path, ...asked }, found, { pending }) => {
    const wanted = inDigits(asked, found, true)
    if (found.kind === 'directory' || (found.kind === 'link' && found.blocked === undefined))
      return attributeChange(path, wanted, found)
    if (found.blocked !== undefined) return { changes: [], problem: `${found.blocked} is there and no folder` }
    if (pending.length === 0) {
      if (found.unknown !== undefined && found.unknown.length > 0)
        return { changes: [], problem: `there is no ${found.unknown.join(' and no ')} on this host` }
      if (found.may !== true)
        return {
          changes: [],
          problem: `this account may not write where ${found.missing} would be: become: true is needed`,
        }
    }
    const first = found.missing ?? path
    return [
      {
        what: `create directory ${path}`,
        before: null,
        after: { kind: 'directory', ...wanted },
        path,
        // umask first: no moment in which a private folder is open.
        sh: sh`umask 022; mkdir -p ${path} && ${setAttributes(sh`${path}`, wanted)}`,
        undo: {
          sh: sh`p=${path}; while rmdir "$p"; do [ "$p" = ${first} ] && exit 0; p=\${p%/}; p=\${p%/*}; done; exit 1`,
        },
      },
    ]
  },
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
