import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Client, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2'
import type { HostKeyChecking } from '../../model/target.ts'
import { Unreachable } from '../shell.ts'
import { allowed, supported } from './algorithms.ts'
import { type AuthAttempts, authentication, type Credentials } from './authentication.ts'
import {
  fingerprint,
  type HostKeyCheck,
  type HostKeys,
  type KnownKeys,
  keyType,
  orderAlgorithms,
  verifyHostKey,
} from './host-keys.ts'
import { pipelineAuth } from './pipeline-auth.ts'
import type { SshSettings } from './settings.ts'
import { signFirst } from './sign-first.ts'
import { ConnectionDropped, NeedsOpenssh } from './ssh-errors.ts'

export interface AuthenticateOptions {
  readonly place: string
  readonly settings: SshSettings
  readonly credentials: Credentials
  readonly keys: HostKeys
  readonly checking: HostKeyChecking
  /** Milliseconds, not counting the time in which the user is asked. */
  readonly timeout: number
  readonly warn: (message: string) => void
  /** Further hints for the message when no method succeeded. */
  readonly notes: readonly string[]
}

/** Maximum bytes of the other side's greeting that are shown. */
const GREETING = 200
const ALIVE_INTERVAL = 15_000

/** SSH handshake over a connected socket: verifies the host key, then authenticates. */
export async function authenticate(socket: Duplex, wish: AuthenticateOptions): Promise<Client> {
  const { settings, timeout } = wish
  const known = wish.keys.known(settings.hostKeyAlias ?? settings.hostname, settings.port, [
    ...settings.userKnownHosts,
    ...settings.globalKnownHosts,
  ])
  if (known.authority && known.keys.length === 0)
    throw new NeedsOpenssh('an authority vouches for its key (@cert-authority)')
  const tried: AuthAttempts = { methods: [], accepted: [] }
  let refusal: string | undefined
  let otherType = false
  let shaken = false
  // ssh2 resumes the socket later, so this listener does not consume its data.
  let greeting = ''
  let trouble: Error | undefined
  const clock = pausableTimeout(timeout, () => {
    trouble = new Error('timeout')
    socket.destroy()
  })
  const credentials: Credentials = {
    ...wish.credentials,
    ask: async prompt => {
      clock.pause()
      try {
        return await wish.credentials.ask(prompt)
      } finally {
        clock.go()
      }
    },
  }
  const config: Parameters<NodeSSH['connect']>[0] = {
    sock: socket as NonNullable<ConnectConfig['sock']>,
    username: settings.user,
    readyTimeout: 0,
    keepaliveInterval: settings.aliveInterval || ALIVE_INTERVAL,
    keepaliveCountMax: settings.aliveCount,
    algorithms: {
      ...allowed(settings),
      serverHostKey: [...orderAlgorithms(known, supported.hostKeys(settings))] as ServerHostKeyAlgorithm[],
    },
    hostVerifier: (key: Buffer) => {
      const verdict = verifyHostKey(known, key)
      otherType = verdict.kind === 'changed' && verdict.otherType
      refusal = checkKey(key, { known, verdict }, wish)
      return refusal === undefined
    },
    authHandler: authentication(credentials, tried),
    ...(settings.forwardAgent && settings.agent !== undefined ? { agent: settings.agent, agentForward: true } : {}),
  }
  const ssh = new NodeSSH()
  const ready = ssh.connect(config)
  const client = ssh.connection as Client
  signFirst(client)
  pipelineAuth(client, () => wish.credentials.identities[0]?.type !== 'ssh-rsa')
  // Without a listener, an error after the handshake would crash the process.
  client.on('error', error => {
    trouble ??= error
  })
  const listen = (chunk: Buffer) => {
    if (greeting.length < GREETING) greeting += chunk.toString('latin1')
  }
  socket.on('data', listen)
  client.once('handshake', () => {
    socket.off('data', listen)
    shaken = true
  })
  try {
    await ready
    return client
  } catch (error) {
    socket.destroy()
    if (refusal !== undefined) throw otherType ? new ConnectionDropped(refusal) : new Unreachable(refusal)
    throw explain(trouble ?? (error as Error), { wish, tried, shaken, greeting })
  } finally {
    clock.pause()
  }
}

/** Undefined when the host key is valid; otherwise the error with a hint. */
const checkKey = (
  key: Buffer,
  { known, verdict }: { readonly known: KnownKeys; readonly verdict: HostKeyCheck },
  { place, settings, checking, keys, warn }: AuthenticateOptions,
): string | undefined => {
  const shown = `${keyType(key)} ${fingerprint(key)}`
  if (verdict.kind === 'known') return undefined
  if (verdict.kind === 'revoked')
    return `${place} shows a revoked host key: ${shown} (${verdict.line.file}:${verdict.line.line}); it is not to be trusted`
  if (verdict.kind === 'changed')
    return `the host key of ${place} has changed: it shows ${shown}, but ${verdict.line.file}:${verdict.line.line} has ${verdict.line.type} ${fingerprint(Buffer.from(verdict.line.key, 'base64'))}. Someone may be in between. If you know that the host was set up anew: ssh-keygen -R '${known.name}' -f ${verdict.line.file}`
  const [file] = settings.userKnownHosts
  if (checking === 'strict') {
    const port = settings.port === 22 ? '' : `-p ${settings.port} `
    return `the host key of ${place} is not known: it shows ${shown}. Compare that with the host's own, then keep it: ssh-keyscan ${port}${settings.hostname} >> ${file ?? '~/.ssh/known_hosts'}; or let new hosts in by --host-key-checking accept-new`
  }
  const failed = file === undefined ? undefined : keys.remember(known, key, { file, hashed: settings.hashKnownHosts })
  if (failed !== undefined) warn(`the host key of ${place} (${shown}) was taken but not kept: ${failed}`)
  return undefined
}

const explain = (
  error: Error,
  {
    wish,
    tried,
    shaken,
    greeting,
  }: {
    readonly wish: AuthenticateOptions
    readonly tried: AuthAttempts
    readonly shaken: boolean
    readonly greeting: string
  },
): Error => {
  const { place, settings, timeout } = wish
  const said = error.message
  if (said === 'timeout')
    return new Unreachable(
      shaken
        ? `${place} did not let ${settings.user} in within ${timeout / 1000} s (--timeout, ansible_timeout)`
        : `${place} takes connections but did not speak SSH within ${timeout / 1000} s: is it overloaded, or is this another service's port?`,
    )
  if (/no matching/.test(said)) {
    const what = /no matching (.*?)(:|$)/.exec(said)?.[1] ?? 'algorithm'
    return new NeedsOpenssh(`it shares no ${what} with node-ssh`)
  }
  if (/All configured authentication methods failed/.test(said)) {
    const with_ = tried.methods.length === 0 ? 'nothing to offer' : `tried ${tried.methods.join(', ')}`
    const notes = wish.notes.length === 0 ? '' : `; ${wish.notes.join('; ')}`
    return new Unreachable(
      `${place} does not let ${settings.user} in: ${with_}; it takes ${tried.accepted.join(', ') || 'nothing'}${notes}. Check the account (-u), the key (--private-key) or the password (-k)`,
    )
  }
  if (/Too many authentication failures/i.test(said))
    return new Unreachable(
      `${place} does not let ${settings.user} in: too many keys were tried (${tried.methods.join(', ')}); name one by --private-key or set IdentitiesOnly`,
    )
  if (!shaken && greeting !== '' && !/^SSH-/m.test(greeting) && !/MaxStartups|not allowed at this time/i.test(greeting))
    return new Unreachable(
      `what answers at ${place} is no SSH server; it says '${(greeting.split(/[\r\n]/)[0] ?? '').slice(0, 60)}': check ansible_port`,
    )
  const dropped = /before handshake|No response from server|ECONNRESET|EPIPE|socket/i.test(said)
  if (dropped && !shaken)
    return new ConnectionDropped(
      `${place} closed the connection before its SSH greeting: sshd there may be busy (MaxStartups) or may shut this address out after failed logins (PerSourcePenalties, fail2ban)`,
    )
  if (dropped) return new Unreachable(`${place} closed the connection while ${settings.user} logged in: ${said}`)
  return new Unreachable(`cannot log in to ${place}: ${said}`)
}

/** A timeout that is paused while the user is asked. */
const pausableTimeout = (ms: number, over: () => void) => {
  let left = ms
  let since = 0
  let timer: NodeJS.Timeout | undefined
  const go = () => {
    since = performance.now()
    timer = setTimeout(over, left)
  }
  const pause = () => {
    clearTimeout(timer)
    left -= performance.now() - since
  }
  go()
  return { go, pause }
}
