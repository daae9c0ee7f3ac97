import type { Change } from '../../model/change.ts'
import { expects } from '../../model/resource.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { reconcile } from '../kit/reconcile.ts'
import { lookUp, nameParam } from './entry.ts'

export default taskType({
  name: 'system-user',
  summary: 'an account that a service runs as',
  example: { name: 'an account for the service', params: { name: 'mlflow', home: '/var/lib/mlflow' } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: nameParam('the account'),
      state: { enum: ['present', 'absent'], default: 'present' },
      home: { type: 'string', pattern: '^/[^:\\n]*$', description: 'its home, an absolute path; it is not created' },
      shell: {
        type: 'string',
        pattern: '^/[^:\\n]*$',
        description: 'its login shell; one that refuses logins unless said',
      },
      groups: {
        type: 'array',
        items: { type: 'string', pattern: '^[^-,:\\s][^,:\\n]*$' },
        description: 'more groups it is to be in',
      },
    },
  },
  shorthand: 'name',
  ansible: ['user'],
  instead: { append: 'groups are always added, never taken away', uid: 'the system gives the number' },
  requires: ['root'],
  state: {
    type: 'object',
    properties: {
      there: { type: 'boolean' },
      entry: { type: 'string' },
      home: { type: 'string' },
      shell: { type: 'string' },
      /** Of the wanted groups, those that it is in, and those that are not there at all. */
      member: { type: 'array', items: { type: 'string' } },
      unknown: { type: 'array', items: { type: 'string' } },
    },
  },
  // Groups are compared by number: names may hold blanks.
  probe: ({ name, groups = [] }) =>
    lines(
      lookUp('passwd', name),
      sh`[ -z "$entry" ] || { fact entry "$entry"; fact shell "\${entry##*:}"; home=\${entry%:*}; fact home "\${home##*:}"; }
in=" $(id -G ${name} 2>/dev/null) "
for g in ${groups}; do
  line=$(entry group "$g") || { fact unknown "$g"; continue; }
  gid=\${line#*:*:}; case $in in *" \${gid%%:*} "*) fact member "$g";; esac
done`,
    ),
  plan: ({ name, state, home, shell, groups }, found, { expected }) => {
    const missing = found.unknown.filter(group => !expects(expected, 'group', group))
    if (state === 'present' && missing.length > 0)
      return { changes: [], problem: `there is no group '${missing.join("' and no group '")}' on this host` }
    const made = { home: home ?? '/nonexistent', shell: shell ?? '/usr/sbin/nologin' }
    const also = (groups ?? []).map(group => sh`&& usermod -aG ${group} ${name}`)
    const plan = reconcile({
      name: `account ${name}`,
      found: found.there === true ? { home: found.home, shell: found.shell } : undefined,
      wanted: state === 'present' ? { home, shell } : undefined,
      provides: (['user', 'group'] as const).map(kind => ({ kind, name })),
      shown: {
        created: { ...made, ...(groups === undefined ? {} : { groups }) },
        removed: { account: found.entry ?? '' },
      },
      create: sh`own=--user-group; grep -q ${`^${name}:`} /etc/group && own=${`--gid=${name}`}
{ if command -v useradd >/dev/null; then useradd --system $own --no-create-home --home-dir ${made.home} --shell ${made.shell} ${name}; else grep -q ${`^${name}:`} /etc/group || addgroup -S ${name}; adduser -S -D -H -h ${made.home} -s ${made.shell} -G ${name} ${name}; fi; } ${also}`,
      remove: sh`if command -v userdel >/dev/null; then userdel ${name}; else deluser ${name}; fi`,
      set: (attribute, value) => sh`usermod ${`--${attribute}`} ${value} ${name}`,
    })
    const joins = found.there === true && state === 'present' ? joining(name, groups ?? [], found.member) : []
    return { ...plan, changes: [...plan.changes, ...joins] }
  },
})

const joining = (name: string, groups: readonly string[], member: readonly string[]): readonly Change[] => {
  const lacking = groups.filter(group => !member.includes(group))
  if (lacking.length === 0) return []
  return [
    {
      what: `add account ${name} to ${lacking.join(', ')}`,
      before: { groups: member.join(', ') },
      after: { groups: groups.join(', ') },
      path: `account ${name}`,
      provides: [],
      sh: sh`usermod -aG ${lacking.join(',')} ${name}`,
    },
  ]
}
