import type { Side } from '../model/change.ts'
import { taskType } from '../model/task-type.ts'
import { lines, sh } from '../text/sh.ts'
import { lookAt, obstacle, parentOf, pathState } from './parts/attributes.ts'

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
      dest: { type: 'string', pattern: '^/', description: 'the link, an absolute path' },
      force: { type: 'boolean', description: 'replace a file; link to what does not exist' },
    },
  },
  state: { type: 'object', properties: { ...pathState, leads: { type: 'boolean' } } },
  probe: ({ src, dest }) =>
    lines(lookAt(dest, {}), sh`[ -e ${src.startsWith('/') ? src : `${parentOf(dest)}/${src}`} ] && fact leads 1`),
  plan: ({ src, dest, force }, found, { pending }) => {
    if (found.kind === 'link' && found.target === src) return []
    if (found.kind === 'directory' || found.kind === 'other' || (found.kind === 'file' && force !== true))
      return {
        changes: [],
        problem: `${dest} is there and no link${found.kind === 'file' ? ': force: true replaces the file' : ''}`,
      }
    if (pending.length === 0 && found.leads !== true && force !== true)
      return { changes: [], problem: `${src} does not exist: force: true links to it all the same` }
    const problem = obstacle(dest, found, pending)
    if (problem !== undefined) return { changes: [], problem }
    const temporary = `${parentOf(dest)}/.mlplay.link`
    const link = (target: string) =>
      sh`t=${temporary}.$$; ln -s -- ${target} "$t" && { mv -fT "$t" ${dest} 2>/dev/null || { rm -f "$t"; ln -sfn -- ${target} ${dest}; }; }`
    const before: Side =
      found.kind === 'link' ? { link: found.target ?? '' } : found.kind === 'file' ? { kind: 'file' } : null
    return [
      {
        what: found.kind === 'link' ? `point ${dest} to ${src}` : `link ${dest} to ${src}`,
        before,
        after: { link: src },
        path: dest,
        sh: link(src),
        ...(found.kind === 'absent'
          ? { undo: { sh: sh`rm -f ${dest}` } }
          : found.kind === 'link'
            ? { undo: { sh: link(found.target ?? '') } }
            : {}),
      },
    ]
  },
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
