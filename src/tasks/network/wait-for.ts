import { taskType } from '../../model/task-type.ts'
import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { path } from '../kit/file-params.ts'
import { onHost } from '../kit/host-path.ts'
import { listenersOf } from './listeners.ts'

export default taskType({
  name: 'wait-for',
  summary: 'waits until a port listens, a path exists or a process runs; or until it does no longer',
  example: { name: 'it listens', params: { port: 8080, timeout: 60 } },
  params: {
    type: 'object',
    additionalProperties: false,
    dependentRequired: { contains: ['path'], host: ['port'] },
    oneOf: [{ required: ['port'] }, { required: ['path'] }, { required: ['process'] }],
    properties: {
      port: { type: 'integer', minimum: 1, maximum: 65535 },
      host: { type: 'string', description: 'with port: where; the host itself unless said' },
      path,
      contains: {
        type: 'string',
        pattern: '^[^\\n]+$',
        description: 'with path: a text that must be in the file, in one line of it',
      },
      process: { type: 'string', description: 'name of a program' },
      state: { enum: ['present', 'started', 'absent', 'stopped'], default: 'present' },
      timeout: { type: 'integer', minimum: 0, default: 300, description: 'seconds' },
      delay: { type: 'number', minimum: 0, default: 0, description: 'seconds before the first look' },
      sleep: { type: 'number', minimum: 0.05, default: 0.5, description: 'seconds between looks' },
      msg: { type: 'string', description: 'what to say when the time is over' },
    },
  },
  ansible: ['wait_for'],
  instead: { connect_timeout: 'write timeout:', search_regex: 'write contains: with a plain text' },
  nature: 'query',
  waits: ({ timeout, delay }) => timeout + delay,
  state: {
    type: 'object',
    properties: { met: { type: 'boolean' }, waited: { type: 'integer' }, unseen: { type: 'string' } },
  },
  probe: (params, { patient }) => {
    return lines(
      sh`unseen=
there() {`,
      thereIs(params),
      // The clock of a host may be set meanwhile: what counts is the time since the machine started.
      sh`}
now() { { read -r up _ < /proc/uptime; } 2>/dev/null && now=\${up%.*}\${up#*.} || now=$((\${now:-0} + 100)); }
now; start=$now`,
      patient && params.delay > 0 ? sh`sleep ${params.delay}` : nothing,
      sh`while :; do
  if there >/dev/null 2>&1; then r=1; else r=0; fi
  [ -z "$unseen" ] || { fact unseen "$unseen"; break; }
  [ "$r" = ${isGone(params.state) ? 0 : 1} ] && { fact met 1; break; }
  now; [ $((now - start)) -ge ${patient ? params.timeout * 100 : 0} ] && break
  sleep ${params.sleep} 2>/dev/null || sleep 1
done
now; fact waited $(((now - start) / 100))`,
    )
  },
  later: params => `waits for ${nameOf(params)} once these changes are made`,
  plan: (params, { met, waited = 0, unseen }) => {
    if (met === true) return { changes: [], result: { elapsed: waited } }
    const what = nameOf(params)
    if (unseen !== undefined) return { changes: [], problem: `nobody can tell whether ${what} is there: ${unseen}` }
    const is = isGone(params.state) ? 'still' : 'not'
    return {
      changes: [],
      problem: params.msg ?? `${what} is ${is} there after ${params.timeout} s`,
      result: { elapsed: waited },
    }
  },
})

const isGone = (state: string): boolean => state === 'absent' || state === 'stopped'

const nameOf = ({ port, host = '127.0.0.1', path, contains, process }: Thing): string => {
  if (path !== undefined) return contains === undefined ? path : `${path} with '${contains}'`
  return process === undefined ? `port ${port} on ${host}` : `process ${process}`
}

interface Thing {
  readonly port?: number
  readonly host?: string
  readonly path?: string
  readonly contains?: string
  readonly process?: string
}

/** sh that says by its exit code whether the thing is there. Where it cannot be looked at, `$unseen` tells why. */
const thereIs = ({ port, host, path, contains, process }: Thing): Script => {
  if (path !== undefined)
    return contains === undefined
      ? sh`[ -e ${onHost(path)} ]`
      : sh`[ -e ${onHost(path)} ] || return 1
grep -qF -e ${contains} -- ${onHost(path)} && return 0
[ $? = 1 ] || unseen='the file cannot be read'; return 1`
  if (process !== undefined)
    return sh`[ -e /proc/self/comm ] || unseen='there is no /proc'
for c in /proc/[0-9]*/comm; do read -r n < "$c" && [ "$n" = ${process.slice(0, 15)} ] && return 0; done; return 1`
  if (host === undefined || host === '127.0.0.1' || host === 'localhost')
    return lines(
      sh`[ -r /proc/net/tcp ] || unseen='there is no /proc'`,
      listenersOf(Number(port)),
      sh`[ -n "$inodes" ]`,
    )
  return sh`if command -v nc >/dev/null; then nc -z -w 3 ${host} ${Number(port)}
elif command -v bash >/dev/null; then timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2"' x ${host} ${Number(port)}
elif command -v perl >/dev/null; then perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr=>$ARGV[0],PeerPort=>$ARGV[1],Timeout=>3)' ${host} ${Number(port)}
else unseen='nc, bash or perl is needed for that'; return 1; fi`
}
