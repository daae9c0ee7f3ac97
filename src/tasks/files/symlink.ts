import type { Side } from '../../model/change.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { lookAt, notLookedAt, obstacle, pathState } from '../kit/attributes.ts'
import { onHost, pathParam, plainPath } from '../kit/host-path.ts'
import { pathResults } from '../kit/path-results.ts'
import { linkScript, removeScript } from '../kit/write-script.ts'

export default taskType({
  name: 'symlink',
  summary: 'a symbolic link',
  example: { name: 'the site is on', params: { src: '../sites-available/app', dest: '/etc/nginx/sites-enabled/app' } },
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
  plan: ({ src, dest: given, force }, found, { pending }) => {
    const dest = plainPath(given)
    if (found.fits === true) return []
    if (found.kind === 'directory' || found.kind === 'other' || (found.kind === 'file' && force !== true))
      return {
        changes: [],
        problem: `${dest} is there and no link${found.kind === 'file' ? ': force: true replaces the file' : ''}`,
      }
    const problem =
      notLookedAt(found, dest) ??
      (pending.length === 0 && found.leads !== true && force !== true
        ? `${src} does not exist: force: true links to it all the same`
        : obstacle(dest, found, pending))
    if (problem !== undefined) return { changes: [], problem }
    const before: Side =
      found.kind === 'link' ? { link: found.target ?? '' } : found.kind === 'file' ? { kind: 'file' } : null
    return [
      {
        what: found.kind === 'link' ? `point ${dest} to ${src}` : `link ${dest} to ${src}`,
        before,
        after: { link: src },
        path: dest,
        sh: linkScript(onHost(src), dest),
        ...(found.kind === 'absent'
          ? { undo: { sh: removeScript(dest) } }
          : found.kind === 'link'
            ? { undo: { sh: linkScript(found.target ?? '', dest) } }
            : {}),
      },
    ]
  },
  results: ({ src, dest }, found) => ({ src, dest: plainPath(dest), ...pathResults(found) }),
  samples: [
    {
      title: 'a new link',
      params: { src: '@DIR@/f', dest: '@DIR@/l' },
      given: sh`: > f`,
      proof: sh`[ "$(readlink l)" = "$PWD/f" ]`,
    },
    {
      title: 'one that points elsewhere',
      params: { src: 'g', dest: '@DIR@/l' },
      given: sh`: > g; mkdir d; ln -s d l`,
      proof: sh`[ "$(readlink l)" = g ]`,
    },
    {
      title: 'to a name that looks like an option',
      params: { src: '-n', dest: '@DIR@/l' },
      given: sh`: > ./-n; ln -s /gone l`,
      proof: sh`[ "$(readlink l)" = -n ]`,
    },
    { title: 'the same link', params: { src: 'g', dest: '@DIR@/l' }, given: sh`ln -s g l`, expect: 'converged' },
    {
      title: 'a file in the way',
      params: { src: 'g', dest: '@DIR@/l' },
      given: sh`: > g; : > l`,
      expect: { problem: 'force: true' },
    },
    {
      title: 'a file replaced',
      params: { src: 'g', dest: '@DIR@/l', force: true },
      given: sh`: > g; : > l`,
      proof: sh`[ -L l ]`,
    },
    { title: 'to nothing', params: { src: 'nowhere', dest: '@DIR@/l' }, expect: { problem: 'does not exist' } },
  ],
})
