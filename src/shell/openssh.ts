import type { Target } from '../model/target.ts'
import { quote } from '../text/sh.ts'
import type { Channel } from './channel.ts'
import { remoteProgram, type SpawnOptions, spawnProgram } from './spawned.ts'

const SAID = 2000

/**
 * Starts a program on a host through the system's ssh, one process each. It honours the user's whole ssh config and never
 * asks: with BatchMode a question is an error.
 */
export function startByOpenssh(target: Target, argv: readonly string[], options: SpawnOptions): Channel {
  const { hostKeyChecking: checking, connectTimeout } = target
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : ['-o', `${name}=${value}`])
  const ssh = spawnProgram(
    [
      'ssh',
      '-T',
      ...option('BatchMode', 'yes'),
      ...option('ServerAliveInterval', '15'),
      ...option('ConnectTimeout', connectTimeout === undefined ? undefined : String(Math.ceil(connectTimeout / 1000))),
      ...option(
        'StrictHostKeyChecking',
        checking === undefined ? undefined : checking === 'strict' ? 'yes' : 'accept-new',
      ),
      ...option('Port', target.port === undefined ? undefined : String(target.port)),
      ...option('User', target.user),
      ...(target.privateKeyFile === undefined ? [] : ['-i', target.privateKeyFile]),
      ...(target.sshArgs ?? []), // the first word counts
      '--',
      target.address ?? target.name,
      `exec ${argv.map(quote).join(' ')}`,
    ],
    options,
  )
  let said = ''
  ssh.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-SAID)
  })
  // 255 is ssh's own exit code; the reason is the last line on stderr.
  return remoteProgram(ssh, end =>
    end.code === 255 || end.connectionError !== undefined
      ? { code: null, connectionError: explain(end.connectionError ?? said) }
      : end,
  )
}

const cures: readonly (readonly [said: RegExp, cure: string])[] = [
  [
    /Host key verification failed/,
    'check the key and add it to known_hosts, or let new hosts in by --host-key-checking accept-new',
  ],
  [
    /Permission denied/,
    'check the account (-u) and the key (--private-key); a password cannot be given to connection openssh',
  ],
  [/Connection refused/, 'is sshd running there, and on this port (ansible_port)?'],
  [/Could not resolve|Name or service not known/, 'check ansible_host or the inventory'],
  [/timed out/, '--timeout gives it longer'],
  [/ENOENT/, 'the program ssh is not installed here: install openssh-client'],
]

const explain = (said: string): string => {
  const told = said
    .replaceAll('\r', '')
    .trim()
    .split('\n')
    .filter(line => !/^(Warning: Permanently|\*\*|@+$)/.test(line))
    .slice(-3)
    .join('; ')
  const cure = cures.find(([pattern]) => pattern.test(said))?.[1]
  return `${told === '' ? 'ssh ended without a word' : told}${cure === undefined ? '' : ` (${cure})`}`
}
