import type { Change } from '../../model/change.ts'
import { expects } from '../../model/resource.ts'
import { taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'

export default taskType({
  name: 'system-user',
  summary: 'an account that a service runs as',
  example: { name: 'an account for the service', params: { name: 'mlflow', home: '/var/lib/mlflow' } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: '^[a-z_][a-z0-9_-]{0,31}$', description: 'the account' },
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
      entry: { type: 'string' },
      /** Of the wanted groups, those that it is in, and those that are not there at all. */
      member: { type: 'array', items: { type: 'string' } },
      unknown: { type: 'array', items: { type: 'string' } },
      unseen: { type: 'boolean' },
    },
  },
  // Groups are compared by number: names may hold blanks. getent says 2 where there is none of that name.
  probe: ({
    name,
    groups,
  }) => sh`entry() { if command -v getent >/dev/null; then getent "$1" "$2"; else grep "^$2:" "/etc/$1"; fi; }
entry=$(entry passwd ${name}); case $? in 0) fact entry "$entry";; 1|2) [ -r /etc/passwd ] || fact unseen 1;; *) fact unseen 1;; esac
in=" $(id -G ${name} 2>/dev/null) "
for g in ${groups ?? []}; do
  line=$(entry group "$g") || { fact unknown "$g"; continue; }
  gid=\${line#*:*:}; case $in in *" \${gid%%:*} "*) fact member "$g";; esac
done`,
  plan: ({ name, state, home, shell, groups }, found, { expected }) => {
    if (found.unseen === true)
      return {
        changes: [],
        problem: `nobody can tell whether there is an account ${name}: the accounts cannot be read`,
      }
    const missing = state === 'absent' ? [] : found.unknown.filter(group => !expects(expected, 'group', group))
    if (missing.length > 0)
      return { changes: [], problem: `there is no group '${missing.join("' and no group '")}' on this host` }
    const there = found.entry !== undefined && found.entry !== ''
    if (state === 'absent') {
      if (!there) return []
      return [
        {
          what: `remove account ${name}`,
          before: { account: found.entry ?? '' },
          after: null,
          path: `account ${name}`,
          sh: sh`if command -v userdel >/dev/null; then userdel ${name}; else deluser ${name}; fi`,
        },
      ]
    }
    const login = shell ?? '/usr/sbin/nologin'
    if (!there) {
      const at = home ?? '/nonexistent'
      const also = (groups ?? []).map(group => sh`&& usermod -aG ${group} ${name}`)
      return [
        {
          what: `create account ${name}`,
          before: null,
          after: { home: at, shell: login, ...(groups === undefined ? {} : { groups }) },
          path: `account ${name}`,
          provides: [
            { kind: 'user', name },
            { kind: 'group', name },
          ],
          sh: sh`own=--user-group; grep -q ${`^${name}:`} /etc/group && own=${`--gid=${name}`}
{ if command -v useradd >/dev/null; then useradd --system $own --no-create-home --home-dir ${at} --shell ${login} ${name}; else grep -q ${`^${name}:`} /etc/group || addgroup -S ${name}; adduser -S -D -H -h ${at} -s ${login} -G ${name} ${name}; fi; } ${also}`,
          undo: { sh: sh`if command -v userdel >/dev/null; then userdel ${name}; else deluser ${name}; fi` },
        },
      ]
    }
    const [, , , , , has = '', uses = ''] = (found.entry ?? '').split(':')
    const wrong = [
      ...(home !== undefined && home !== has ? ([['home', has, home]] as const) : []),
      ...(shell !== undefined && shell !== uses ? ([['shell', uses, shell]] as const) : []),
    ]
    const changes: Change[] = wrong.map(([what, was, now]) => ({
      what: `set ${what} of account ${name} to ${now}`,
      before: { [what]: was },
      after: { [what]: now },
      path: `account ${name}`,
      sh: sh`usermod ${what === 'home' ? '--home' : '--shell'} ${now} ${name}`,
      undo: { sh: sh`usermod ${what === 'home' ? '--home' : '--shell'} ${was} ${name}` },
    }))
    const lacking = (groups ?? []).filter(group => !(found.member ?? []).includes(group))
    if (lacking.length > 0)
      changes.push({
        what: `add account ${name} to ${lacking.join(', ')}`,
        before: { groups: (found.member ?? []).join(', ') },
        after: { groups: (groups ?? []).join(', ') },
        path: `account ${name}`,
        sh: sh`usermod -aG ${lacking.join(',')} ${name}`,
      })
    return changes
  },
})
