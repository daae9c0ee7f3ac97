import type { Change } from '../../model/change.ts'
import { expects, type Resource } from '../../model/resource.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { lookAt, notLookedAt, obstacle, pathState } from '../kit/attributes.ts'
import { onHost, parentOf, pathParam, plainPath } from '../kit/host-path.ts'
import { pathResults } from '../kit/path-results.ts'
import { linkScript, removeScript } from '../kit/write-script.ts'

export default taskType({
  name: 'symlink',
  summary: 'a symbolic link',
  example: { name: 'the site is on', params: { src: '../sites-available/app', dest: '/etc/nginx/sites-enabled/app' } },
  ansible: ['file'],
  instead: {
    path: 'write dest: for where the link is to be, src: for where it leads',
    state: 'a link is what this makes: remove-path takes it away',
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: {
      src: { type: 'string', minLength: 1, description: 'what the link points to' },
      dest: pathParam('the link, an absolute path; ~ is the home of the account there'),
      force: { type: 'boolean', description: 'replace a file; link to what does not exist' },
    },
  },
  state: {
    type: 'object',
    properties: { ...pathState, leads: { type: 'boolean' }, fits: { type: 'boolean' } },
  },
  probe: ({ src, dest }) =>
    lines(
      lookAt(plainPath(dest), {}),
      sh`w=${onHost(src)}
[ -L "$p" ] && [ "$l" = "$w" ] && fact fits 1
case $w in /*) ;; *) w=$d/$w ;; esac
[ -e "$w" ] && fact leads 1
:`,
    ),
  plan: ({ src, dest: given, force }, found, { expected }) => {
    const dest = plainPath(given)
    if (found.fits === true) return []
    const { kind = '', target = '' } = found
    if (kind === 'directory' || kind === 'other' || (kind === 'file' && force !== true))
      return {
        changes: [],
        problem: `${dest} is there and no link${kind === 'file' ? ': force: true replaces the file' : ''}`,
      }
    const leads = found.leads === true || force === true || isExpected(src, dest, expected)
    const problem =
      notLookedAt(found, dest) ??
      (leads ? obstacle(dest, found, expected) : `${src} does not exist: force: true links to it all the same`)
    if (problem !== undefined) return { changes: [], problem }
    const change: Change = {
      what: kind === 'link' ? `point ${dest} to ${src}` : `link ${dest} to ${src}`,
      before: kind === 'link' ? { link: target } : kind === 'file' ? { kind } : null,
      after: { link: src },
      path: dest,
      provides: [{ kind: 'path', name: dest }],
      sh: linkScript(onHost(src), dest),
      ...(kind === 'absent' ? { undo: { sh: removeScript(dest) } } : {}),
      ...(kind === 'link' ? { undo: { sh: linkScript(target, dest) } } : {}),
    }
    return { changes: [change], after: { kind: 'link', fits: true } }
  },
  results: ({ src, dest }, found) => ({ src, dest: plainPath(dest), ...pathResults(found) }),
})

const isExpected = (src: string, dest: string, expected: readonly Resource[]): boolean =>
  expects(expected, 'path', absolute(/^[/~]/.test(src) ? src : `${parentOf(dest)}/${src}`)) !== undefined

/** A path without `..` in it, as its names stand. */
const absolute = (path: string): string => {
  const names: string[] = []
  for (const name of plainPath(path).split('/')) if (name !== '..' || names.pop() === undefined) names.push(name)
  return names.join('/')
}
