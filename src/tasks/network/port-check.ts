import { type Plan, taskType } from '../../model/task-type.ts'
import { lines, nothing, sh } from '../../text/sh.ts'
import { listenersOf } from './listeners.ts'

// As /proc/net/tcp and tcp6 spell 127.0.0.1, ::1 and ::ffff:127.0.0.1.
const loopback = ['0100007F', '00000000000000000000000001000000', '0000000000000000FFFF00000100007F']

export default taskType({
  name: 'port-check',
  summary: 'a TCP port is free, or taken by the right program',
  example: { name: 'the port is ours', params: { port: 8080, allow: ['nginx'] } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['port'],
    properties: {
      port: { type: 'integer', minimum: 1, maximum: 65535 },
      only_local: { type: 'boolean', description: 'whoever listens must do so on the loopback address alone' },
      allow: { type: 'array', items: { type: 'string' }, description: 'names of programs that may listen there' },
      accounts: {
        type: 'array',
        items: { type: 'string' },
        description: 'accounts whose programs may listen there; without allow, whatever the programs are called',
      },
    },
  },
  shorthand: 'port',
  nature: 'query',
  state: {
    type: 'object',
    properties: {
      where: { type: 'string' },
      /** `PID NAME`, as the kernel cuts names: 15 bytes. */
      owner: { type: 'array', items: { type: 'string' } },
      account: { type: 'array', items: { type: 'string' } },
      unseen: { type: 'boolean' },
    },
  },
  // Finding a socket's process means reading the files of all; those that may have it are looked at first.
  probe: ({ port, allow, accounts }) =>
    lines(
      listenersOf(Number(port)),
      sh`[ -r /proc/net/tcp ] || fact unseen 1
fact where "$where"`,
      accounts === undefined
        ? nothing
        : sh`for uid in $uids; do fact account "$(id -un "$uid" 2>/dev/null || echo "$uid")"; done`,
      sh`for i in $inodes; do
  owner=
  for pass in likely all; do
    for c in /proc/[0-9]*/comm; do
      { read -r name < "$c"; } 2>/dev/null || continue
      if [ "$pass" = likely ]; then case /${(allow ?? []).map(cut).join('/')}/ in *"/$name/"*) ;; *) continue;; esac; fi
      p=\${c%/comm}
      case "$(ls -l "$p/fd" 2>/dev/null)" in *"socket:[$i]"*) owner="\${p#/proc/} $name"; break 2;; esac
    done
  done
  fact owner "\${owner:-unknown}"
done`,
    ),
  plan: ({ port, allow, accounts, only_local }, { owner, account, where, unseen }): Plan => {
    if (unseen === true)
      return { changes: [], problem: `nobody can tell who listens on port ${port}: /proc/net/tcp cannot be read` }
    const open = (where ?? '').split(' ').filter(address => address !== '' && !loopback.includes(address))
    if (only_local === true && open.length > 0)
      return {
        changes: [],
        problem: `port ${port} can be reached from outside: it listens on more than the loopback address`,
      }
    const stranger = (account ?? []).find(name => accounts !== undefined && !accounts.includes(name))
    if (stranger !== undefined)
      return {
        changes: [],
        problem: `port ${port} is taken by a program of the account ${stranger}: stop it, or choose another port`,
      }
    const owners = (owner ?? []).map(one => {
      const [, pid, name = ''] = /^(\d+) (.*)$/s.exec(one) ?? []
      return { pid, name }
    })
    const allowed = (allow ?? []).map(cut)
    const named = allow !== undefined || accounts === undefined
    const first = owners.find(({ pid, name }) => named && (pid === undefined || !allowed.includes(name)))
    const result = {
      listening: owners.length > 0,
      owners: owners.map(({ pid, name }) => (pid === undefined ? 'unknown' : `${name} ${pid}`)),
    }
    if (first === undefined) return { changes: [], result }
    const { pid, name } = first
    const who = pid === undefined ? 'a program of another account' : `${name} (pid ${pid})`
    return { changes: [], problem: `port ${port} is taken by ${who}: stop it, or choose another port`, result }
  },
})

/** A program's name as far as the kernel keeps it. */
const cut = (name: string): string => Buffer.from(name).subarray(0, 15).toString()
