import type { Client } from 'ssh2'

// What ssh2 1.17 has inside, as far as it is needed here.
interface ClientInternals {
  readonly _remoteVer?: string
  readonly _protocol?: {
    service?: (name: string) => void
    readonly _handlers?: { SERVICE_ACCEPT?: (protocol: unknown, name: string) => void }
  }
}

/**
 * The first try to log in travels with the request for the service that lets in, and so costs no round trip of its own:
 * ssh2 waits until the host has granted that request. Only with OpenSSH, which is known to take one after the other.
 * `may` is asked then; it says no where what the host tells meanwhile is needed (which signatures of RSA keys it takes).
 */
export function pipelineAuth(client: Client, may: () => boolean): void {
  const inside = client as unknown as ClientInternals
  const protocol = inside._protocol
  const ask = protocol?.service
  if (protocol === undefined || ask === undefined) return
  protocol.service = name => {
    ask.call(protocol, name)
    const handlers = protocol._handlers
    const granted = handlers?.SERVICE_ACCEPT
    if (handlers === undefined || granted === undefined) return
    if (!/^OpenSSH_/.test(inside._remoteVer ?? '') || !may()) return
    handlers.SERVICE_ACCEPT = () => {}
    granted(protocol, name)
  }
}
