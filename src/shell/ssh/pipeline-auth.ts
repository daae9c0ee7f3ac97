import type { Client } from 'ssh2'

// The internals of ssh2 1.17 that are used here.
interface ClientInternals {
  readonly _remoteVer?: string
  readonly _protocol?: {
    service?: (name: string) => void
    readonly _handlers?: { SERVICE_ACCEPT?: (protocol: unknown, name: string) => void }
  }
}

/**
 * Sends the first authentication request together with the service request, which saves a round trip: ssh2 waits until the
 * host has accepted the service request. Only with OpenSSH, which is known to handle both in order. `may` decides; it
 * returns false when information is needed that the host sends meanwhile (which signatures of RSA keys it accepts).
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
