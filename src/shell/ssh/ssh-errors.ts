import { Unreachable } from '../shell.ts'

/** The connection was dropped before the SSH greeting. It is retried, as a busy sshd drops connections (MaxStartups). */
export class ConnectionDropped extends Unreachable {}

/** The host needs a feature that only OpenSSH has. */
export class NeedsOpenssh extends Error {
  override readonly name = 'NeedsOpenssh'
}

/** `web1 (10.0.0.1:2222)`: the name in the inventory, and its address. */
export const hostLabel = (name: string, at: { readonly hostname: string; readonly port: number }): string => {
  const where = at.port === 22 ? at.hostname : `${at.hostname}:${at.port}`
  return where === name ? name : `${name} (${where})`
}

const networkReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host name: check ansible_host or the inventory',
  EAI_AGAIN: 'the name cannot be resolved just now: check the network or the name server',
  ECONNREFUSED: 'the connection was refused: is sshd running there, and on this port (ansible_port)?',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ETIMEDOUT: 'no answer',
  EACCES: 'connecting is not permitted here',
  EADDRNOTAVAIL: 'the address cannot be reached from here',
}

/** The error for a failed TCP connection. */
export function explainNetwork(place: string, error: NodeJS.ErrnoException): Unreachable {
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error
  const code = inner.code ?? error.code ?? ''
  if (code === 'EMFILE' || code === 'ENFILE')
    return new ConnectionDropped(
      `cannot reach ${place}: this machine has no file descriptor left; lower --forks or raise ulimit -n`,
    )
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new ConnectionDropped(`${place} dropped the connection before its SSH greeting`)
  return new Unreachable(`cannot reach ${place}: ${networkReasons[code] ?? inner.message}`)
}

/** Why an established connection was lost. */
export function explainDisconnect(error: Error | undefined): string {
  if (error === undefined) return 'the host closed the connection'
  const code = (error as NodeJS.ErrnoException).code
  if (/Keepalive timeout/.test(error.message)) return 'it no longer answers (keepalive)'
  if (code === 'ECONNRESET') return 'the connection was reset'
  if (code === 'ETIMEDOUT') return 'the network gave up'
  return error.message
}
