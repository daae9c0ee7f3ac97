import type { Side } from '../../model/change.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { attributesOf, notLookedAt, notWritable } from '../kit/attributes.ts'
import { folderFunctions } from '../kit/host-folder.ts'
import { nameOf, onHost, parentOf, pathParam, plainPath } from '../kit/host-path.ts'
import { pathResults } from '../kit/path-results.ts'
import { sideOf } from '../kit/side.ts'
import { fileState, notWhole, readFile, restored } from '../kit/write-file.ts'
import { linkScript } from '../kit/write-script.ts'

export default taskType({
  name: 'remove-path',
  summary: 'a file, link or folder that is not to be there',
  example: { name: 'the old site', params: '/etc/nginx/sites-enabled/default' },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: { path: pathParam('an absolute path; ~ is the home of the account there') },
  },
  shorthand: 'path',
  state: { type: 'object', properties: fileState },
  probe: ({ path }) => readFile({ dest: plainPath(path) }),
  plan: ({ path: given }, found, { pending }) => {
    const path = plainPath(given)
    if (found.kind === 'absent') return []
    if (/(^|\/)\.{1,2}(\/|$)/.test(path) || path.split('/').length < (path.startsWith('~') ? 2 : 3))
      return { changes: [], problem: `${path} is not removed: name a path at least two levels deep, without . and ..` }
    const problem =
      notLookedAt(found, path) ??
      notWhole(path, found) ??
      (pending.length > 0 ? undefined : notWritable(found, `remove what is in ${parentOf(path)}`))
    if (problem !== undefined) return { changes: [], problem }
    const { uid, gid, mode } = attributesOf(found)
    const has = { uid, gid, mode }
    const undo =
      found.kind === 'link'
        ? { sh: linkScript(found.target ?? '', path) }
        : found.content === undefined
          ? undefined
          : restored(path, found.content, { to: has })
    const before: Side =
      found.kind === 'link'
        ? { link: found.target ?? '' }
        : found.content === undefined
          ? { kind: found.kind ?? '' }
          : sideOf(Buffer.from(found.content, 'latin1'), false)
    return [
      {
        what: `remove ${path}`,
        before,
        after: null,
        path,
        // What goes need not be read to be judged: it is shown only where anybody may read it.
        ...(/[0-3]$/.test(mode) ? { private: true } : {}),
        // rm goes by descriptors where it is GNU's: nobody can lead it out of the folder.
        sh: lines(folderFunctions, sh`_go ${onHost(parentOf(path))}`, sh`rm -rf ${`./${nameOf(path)}`}`),
        ...(undo === undefined ? {} : { undo }),
      },
    ]
  },
  results: ({ path }, found) => ({ path: plainPath(path), ...pathResults(found) }),
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
