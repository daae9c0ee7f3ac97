import type { Side } from '../model/change.ts'
import { taskType } from '../model/task-type.ts'
import { sh } from '../text/sh.ts'
import { attributesOf, parentOf } from './parts/attributes.ts'
import { fileState, readFile } from './parts/write-file.ts'

export default taskType({
  name: 'remove-path',
  summary: 'a file, link or folder that is not to be there',
  example: { name: 'the old site', params: '/etc/nginx/sites-enabled/default' },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: { path: { type: 'string', pattern: '^/', description: 'an absolute path' } },
  },
  shorthand: 'path',
  state: { type: 'object', properties: fileState },
  probe: ({ path }) => readFile({ dest: path }),
  plan: ({ path }, found, { pending }) => {
    if (found.kind === 'absent') return []
    const plain = path.replace(/\/+/g, '/').replace(/\/$/, '')
    if (/(^|\/)\.{1,2}(\/|$)/.test(plain) || plain.split('/').length < 3)
      return { changes: [], problem: `${path} is not removed: name a path at least two levels deep, without . and ..` }
    if (pending.length === 0 && found.writable !== true)
      return {
        changes: [],
        problem: `this account may not remove what is in ${parentOf(path)}: become: true is needed`,
      }
    const has = attributesOf(found)
    const undo =
      found.kind === 'link'
        ? { sh: sh`ln -s -- ${found.target ?? ''} ${path}` }
        : found.content === undefined
          ? undefined
          : {
              sh: sh`umask 077; cat "$payload" > ${path} && chown ${`${has.owner}:${has.group}`} ${path} && chmod ${has.mode} ${path}`,
              payload: Buffer.from(found.content, 'latin1'),
            }
    const before: Side =
      found.kind === 'link'
        ? { link: found.target ?? '' }
        : found.content === undefined
          ? { kind: found.kind ?? '' }
          : Buffer.from(found.content, 'latin1').toString('utf8')
    return [
      {
        what: `remove ${path}`,
        before,
        after: null,
        path,
        // What goes need not be read to be judged: it is shown only where anybody may read it.
        ...(/[0-3]$/.test(has.mode) ? { private: true } : {}),
        sh: sh`rm -rf ${path}`,
        ...(undo === undefined ? {} : { undo }),
      },
    ]
  },
  samples: [
    { title: 'a file', params: { path: '@DIR@/f' }, given: sh`echo a > f; chmod 640 f`, proof: sh`[ ! -e f ]` },
    {
      title: 'a link, not what it points to',
      params: { path: '@DIR@/l' },
      given: sh`echo a > f; ln -s f l`,
      proof: sh`[ -f f ] && [ ! -L l ]`,
    },
    { title: 'a folder', params: { path: '@DIR@/d' }, given: sh`mkdir -p d/e; : > d/e/f`, proof: sh`[ ! -e d ]` },
    { title: 'nothing there', params: { path: '@DIR@/f' }, expect: 'converged' },
    { title: 'a whole system', params: { path: '/etc' }, expect: { problem: 'not removed' } },
  ],
})
