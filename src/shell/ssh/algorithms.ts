import type { Algorithms } from 'ssh2'
import type { SshSettings } from './settings.ts'
import { NeedsOpenssh } from './ssh-errors.ts'

/** Algorithms of ssh2 in the order of preference, fast ones first. SHA-1 signatures only when the config asks for them. */
const kex = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
]
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
]
const macs = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1',
]
const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

const among = (
  offered: readonly string[],
  wanted: readonly string[] | undefined,
  at: { readonly what: string; readonly old?: readonly string[] },
): readonly string[] => {
  if (wanted === undefined) return offered
  const common = [...offered, ...(at.old ?? [])].filter(name => wanted.includes(name))
  if (common.length === 0) throw new NeedsOpenssh(`the ssh config allows no ${at.what} that node-ssh has`)
  return common
}

export const supported = {
  hostKeys: (settings: SshSettings): readonly string[] =>
    among(hostKeys, settings.hostKeyAlgorithms, { what: 'host key algorithm', old: ['ssh-rsa', 'ssh-dss'] }),
}

/** The algorithms that the ssh config allows. */
export const allowed = (settings: SshSettings): Algorithms =>
  ({
    kex: among(kex, settings.kex, {
      what: 'key exchange',
      old: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
    }),
    cipher: among(ciphers, settings.ciphers, {
      what: 'cipher',
      old: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
    }),
    hmac: among(macs, settings.macs, { what: 'MAC', old: ['hmac-sha1-etm@openssh.com', 'hmac-md5'] }),
    compress: settings.compression ? ['zlib@openssh.com', 'none'] : ['none'],
  }) as Algorithms
