import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import ssh2, { type ParsedKey } from 'ssh2'

/** The content of a key file. `locked`: it needs a passphrase. `foreign`: a kind that only OpenSSH can use. */
export type KeyFile =
  | { readonly kind: 'key'; readonly key: ParsedKey }
  | { readonly kind: 'locked'; readonly blob?: string }
  | { readonly kind: 'public'; readonly blob: string }
  | { readonly kind: 'foreign' | 'unusable'; readonly why: string }

/** Reads a private key, or the public key beside it when an agent holds the private one. */
export function readKeyFile(path: string, passphrase?: string): KeyFile {
  let text: string
  try {
    const file = statSync(path)
    const { mode, uid } = file
    // Reading a pipe or a device might never end.
    if (!file.isFile()) return { kind: 'unusable', why: `${path} is not a regular file` }
    if ((mode & 0o077) !== 0 && uid === process.getuid?.() && !path.endsWith('.pub'))
      return { kind: 'unusable', why: `others may read ${path}: chmod 600 ${path}` }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const blob = publicBlob(path)
    if (blob !== undefined) return { kind: 'public', blob }
    return { kind: 'unusable', why: `${path} cannot be read: ${(error as Error).message}` }
  }
  if (/^sk-(ssh|ecdsa)/.test(text)) return { kind: 'foreign', why: `${path} is a security key` }
  if (/^(ssh|ecdsa)-/.test(text)) return { kind: 'public', blob: text.split(/\s+/)[1] ?? '' }
  if (/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text)) return fromPkcs8(path, text, passphrase)
  const parsed = ssh2.utils.parseKey(text, passphrase)
  if (!(parsed instanceof Error)) {
    const key = Array.isArray(parsed) ? parsed[0] : parsed
    return key === undefined ? { kind: 'unusable', why: `${path} holds no key` } : { kind: 'key', key }
  }
  if (/passphrase given|no passphrase/i.test(parsed.message)) return { kind: 'locked', blob: publicBlob(path) }
  if (passphrase !== undefined) return { kind: 'unusable', why: `the passphrase of ${path} was wrong` }
  if (text.includes('OPENSSH PRIVATE KEY') && isSecurityKey(text))
    return { kind: 'foreign', why: `${path} is a security key` }
  return { kind: 'unusable', why: `${path}: ${parsed.message}` }
}

const publicBlob = (path: string): string | undefined => {
  try {
    return readFileSync(`${path}.pub`, 'utf8').split(/\s+/)[1]
  } catch {
    return undefined
  }
}

const isSecurityKey = (text: string): boolean =>
  Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64').includes('sk-')

/** Converts PKCS#8, the format of openssl and of many clouds, which ssh2 cannot read. */
const fromPkcs8 = (path: string, text: string, passphrase: string | undefined): KeyFile => {
  if (text.includes('ENCRYPTED') && passphrase === undefined) return { kind: 'locked', blob: publicBlob(path) }
  let key: KeyObject
  try {
    key = createPrivateKey({ key: text, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) })
  } catch (error) {
    const why = passphrase === undefined ? (error as Error).message : 'the passphrase was wrong'
    return { kind: 'unusable', why: `${path}: ${why}` }
  }
  const pem =
    key.asymmetricKeyType === 'rsa'
      ? key.export({ type: 'pkcs1', format: 'pem' }).toString()
      : key.asymmetricKeyType === 'ec'
        ? key.export({ type: 'sec1', format: 'pem' }).toString()
        : key.asymmetricKeyType === 'ed25519'
          ? ed25519Pem(key)
          : ''
  const parsed = ssh2.utils.parseKey(pem)
  return parsed instanceof Error
    ? { kind: 'unusable', why: `${path}: a key of type ${key.asymmetricKeyType} cannot be used` }
    : { kind: 'key', key: parsed }
}

/** The key in OpenSSH's format, the only one in which ssh2 reads ed25519. */
const ed25519Pem = (key: KeyObject): string => {
  const { x = '', d = '' } = key.export({ format: 'jwk' })
  const [publicKey, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')]
  const type = sized('ssh-ed25519')
  const check = Buffer.alloc(8, 7)
  const inner = [check, type, sized(publicKey), sized(Buffer.concat([seed, publicKey])), sized('')]
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (Buffer.concat(inner).length % 8)) % 8))
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sized('none'),
    sized('none'),
    sized(''),
    Buffer.from([0, 0, 0, 1]),
    sized(Buffer.concat([type, sized(publicKey)])),
    sized(Buffer.concat([...inner, padding])),
  ])
  const lines = whole.toString('base64').replace(/.{70}/g, '$&\n')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`
}

const sized = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
