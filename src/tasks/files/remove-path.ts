import type { Side } from '../../model/change.ts'
import { expects } from '../../model/resource.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { attributesOf, notLookedAt, notWritable } from '../kit/attributes.ts'
import { path as pathSchema } from '../kit/file-params.ts'
import { folderFunctions } from '../kit/host-folder.ts'
import { nameOf, onHost, parentOf, plainPath } from '../kit/host-path.ts'
import { pathResults } from '../kit/path-results.ts'
import { sideOf } from '../kit/side.ts'
import { type FoundFile, fileState, notWhole, readFile, restored } from '../kit/write-file.ts'
import { linkScript } from '../kit/write-script.ts'

export default taskType({
  name: 'remove-path',
  summary: 'a file, link or folder that is not to be there',
  example: { name: 'the old site', params: '/etc/nginx/sites-enabled/default' },
  ansible: ['file'],
  instead: { state: 'leave it out: what is there is removed' },
  params: { type: 'object', additionalProperties: false, required: ['path'], properties: { path: pathSchema } },
  shorthand: 'path',
  state: { type: 'object', properties: fileState },
  probe: ({ path }) => readFile({ dest: plainPath(path) }),
  plan: ({ path: given }, found, { expected }) => {
    const path = plainPath(given)
    if (found.kind === 'absent') return []
    const folder = parentOf(path)
    const problem =
      tooMuch(path) ??
      notLookedAt(found, path) ??
      notWhole(path, found) ??
      (expects(expected, 'path', folder) ? undefined : notWritable(found, `remove what is in ${folder}`))
    if (problem !== undefined) return { changes: [], problem }
    const change = {
      what: `remove ${path}`,
      after: null,
      path,
      provides: [],
      // What goes need not be read to be judged: it is shown only where anybody may read it.
      ...(/[0-3]$/.test(attributesOf(found).mode) ? { private: true } : {}),
      // rm goes by descriptors where it is GNU's: nobody can lead it out of the folder.
      sh: lines(folderFunctions, sh`_go ${onHost(folder)}`, sh`rm -rf ${`./${nameOf(path)}`}`),
      ...removed(path, found),
    }
    return { changes: [change], after: { kind: 'absent' } }
  },
  results: ({ path }, found) => ({ path: plainPath(path), ...pathResults(found) }),
})

const tooMuch = (path: string): string | undefined =>
  /(^|\/)\.{1,2}(\/|$)/.test(path) || path.split('/').length < (path.startsWith('~') ? 2 : 3)
    ? `${path} is not removed: name a path at least two levels deep, without . and ..`
    : undefined

/** What goes, and how it is put back where that can be. */
const removed = (
  path: string,
  found: FoundFile,
): { readonly before: Side; readonly undo?: ReturnType<typeof restored> } => {
  const { kind = '', target = '', content } = found
  if (kind === 'link') return { before: { link: target }, undo: { sh: linkScript(target, path) } }
  if (content === undefined) return { before: { kind } }
  const { uid, gid, mode } = attributesOf(found)
  const before = sideOf(Buffer.from(content, 'latin1'), false)
  return { before, undo: restored(path, content, { to: { uid, gid, mode } }) }
}
