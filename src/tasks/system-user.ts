import type { Change } from '../model/change.ts'
import { taskType } from '../model/task-type.ts'
import { sh } from '../text/sh.ts'

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
      home: { type: 'string', pattern: '^/', description: 'its home, an absolute path; it is not created' },
      shell: { type: 'string', description: 'its login shell; one that refuses logins unless said' },
      groups: { type: 'array', items: { type: 'string' }, description: 'more groups it is to be in' },
    },
  },
  shorthand: 'name',
  state: {
    type: 'object',
    properties: { entry: { type: 'string' }, groups: { type: 'string' }, root: { type: 'boolean' } },
  },
  probe: ({ name }) => sh`fact entry "$(getent passwd ${name} 2>/dev/null || grep ${`^${name}:`} /etc/passwd)"
fact groups "$(id -nG ${name} 2>/dev/null)"
[ "$(id -u)" = 0 ] && fact root 1`,
  plan: ({ name, state, home, shell, groups }, found, { pending }) => {
    const there = found.entry !== undefined && found.entry !== ''
    const needsRoot = { changes: [], problem: 'accounts are made by root: add become: true' }
    const mayNot = found.root !== true && pending.length === 0
    if (state === 'absent') {
      if (!there) return []
      if (mayNot) return needsRoot
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
      if (mayNot) return needsRoot
      const at = home ?? '/nonexistent'
      const also = (groups ?? []).map(group => sh`&& usermod -aG ${group} ${name}`)
      return [
        {
          what: `create account ${name}`,
          before: null,
          after: { home: at, shell: login, ...(groups === undefined ? {} : { groups }) },
          path: `account ${name}`,
          sh: sh`{ if command -v useradd >/dev/null; then useradd --system --user-group --no-create-home --home-dir ${at} --shell ${login} ${name}; else addgroup -S ${name}; adduser -S -D -H -h ${at} -s ${login} -G ${name} ${name}; fi; } ${also}`,
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
    const lacking = (groups ?? []).filter(group => !(found.groups ?? '').split(' ').includes(group))
    if (lacking.length > 0)
      changes.push({
        what: `add account ${name} to ${lacking.join(', ')}`,
        before: { groups: found.groups ?? '' },
        after: { groups: [found.groups ?? '', ...lacking].join(' ') },
        path: `account ${name}`,
        sh: sh`usermod -aG ${lacking.join(',')} ${name}`,
      })
    return changes.length > 0 && mayNot ? needsRoot : changes
  },
  samples: [
    { title: 'one that is there', params: { name: 'root' }, expect: 'converged' },
    { title: 'absent and not there', params: { name: 'mlplay-no-one', state: 'absent' }, expect: 'converged' },
    {
      title: 'a new one',
      params: { name: 'mlplay-test', home: '/var/lib/mlplay-test' },
      needs: ['root', 'disposable'],
      proof: sh`grep -q '^mlplay-test:.*:/var/lib/mlplay-test:/usr/sbin/nologin$' /etc/passwd`,
    },
  ],
})
