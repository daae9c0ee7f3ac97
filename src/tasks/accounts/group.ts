import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { reconcile } from '../kit/reconcile.ts'
import { lookUp, nameParam } from './entry.ts'

export default taskType({
  name: 'group',
  summary: 'a group of accounts',
  example: { name: 'who may deploy', params: { name: 'deploy', gid: 2000 } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: nameParam('the group'),
      state: { enum: ['present', 'absent'], default: 'present' },
      gid: { type: 'integer', minimum: 0, description: 'its number; the host chooses one unless said' },
      system: { type: 'boolean', default: false, description: 'a new one gets a number of the range for services' },
    },
  },
  shorthand: 'name',
  instead: { force: 'a group that an account has as its own is not removed', local: 'it is always /etc/group' },
  requires: ['root'],
  state: {
    type: 'object',
    properties: { there: { type: 'boolean' }, gid: { type: 'integer' }, members: { type: 'string' } },
  },
  probe: ({ name }) =>
    lines(
      lookUp('group', name),
      sh`[ -z "$entry" ] || { gid=\${entry#*:*:}; fact gid "\${gid%%:*}"; fact members "\${entry##*:}"; }`,
    ),
  plan: ({ name, state, gid, system }, found) => {
    const number = (value = gid) => (value === undefined ? [] : ['-g', value])
    const add = (of: readonly (string | number)[]) =>
      sh`if command -v groupadd >/dev/null; then groupadd ${of} ${name}; else addgroup ${of.map(one => (one === '-r' ? '-S' : one))} ${name}; fi`
    const join = sh`if command -v usermod >/dev/null; then usermod -aG ${name} "$m"; else addgroup "$m" ${name}; fi`
    return reconcile({
      name: `group ${name}`,
      found: found.there === true ? { gid: found.gid } : undefined,
      wanted: state === 'present' ? { gid } : undefined,
      provides: [{ kind: 'group', name }],
      create: add([...(system ? ['-r'] : []), ...number()]),
      remove: sh`if command -v groupdel >/dev/null; then groupdel ${name}; else delgroup ${name}; fi`,
      restore: sh`${add(number(found.gid))} && for m in ${(found.members ?? '').split(',').filter(one => one !== '')}; do ${join} || exit 1; done`,
      set: (_, value) => sh`groupmod -g ${value} ${name}`,
    })
  },
})
