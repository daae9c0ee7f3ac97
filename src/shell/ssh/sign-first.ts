import type { Client, ParsedKey } from 'ssh2'

type Signed = (bytes: Buffer, done: (signature: Buffer) => void) => void
type Offer = (user: string, key: ParsedKey, algorithm?: string, sign?: Signed) => void

// What ssh2 1.17 has inside, as far as it is needed here.
interface ClientInternals {
  readonly _protocol?: { authPK?: Offer }
}

const hashes: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }

/**
 * ssh2 asks first whether the host would take a key and signs when it would: a round trip that a key at hand need not
 * wait for. Keys of an agent are asked for as before, since signing may take a person's finger there.
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
