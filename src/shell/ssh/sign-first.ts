import type { Client, ParsedKey } from 'ssh2'

type Signed = (bytes: Buffer, done: (signature: Buffer) => void) => void
type Offer = (user: string, key: ParsedKey, algorithm?: string, sign?: Signed) => void

// The internals of ssh2 1.17 that are used here.
interface ClientInternals {
  readonly _protocol?: { authPK?: Offer }
}

const hashes: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }

/**
 * Signs with a key file at once. ssh2 first asks whether the host accepts the key, which costs a round trip. Keys of an agent
 * still ask first, as the agent may require a touch for each signature.
 */
export function signFirst(client: Client): void {
  const protocol = (client as unknown as ClientInternals)._protocol
  const offer = protocol?.authPK
  if (protocol === undefined || offer === undefined) return
  protocol.authPK = (user, key, algorithm, sign) => {
    const own: Signed | undefined =
      sign === undefined && isPrivate(key) ? (bytes, done) => done(key.sign(bytes, hashes[algorithm ?? ''])) : sign
    if (own === undefined) offer.call(protocol, user, key, algorithm)
    else offer.call(protocol, user, key, algorithm, own)
  }
}

const isPrivate = (key: ParsedKey): boolean => typeof key.isPrivateKey === 'function' && key.isPrivateKey()
