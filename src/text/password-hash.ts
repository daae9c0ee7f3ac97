import { createHash } from 'node:crypto'
import * as apache from 'apache-md5'
import { compareSync, hashSync } from 'bcryptjs'
import { unixcrypt } from './unixcrypt.ts'

export type HashScheme = 'sha512' | 'bcrypt' | 'apr1'

/** Default rounds. They are few because every request through nginx computes the hash. */
export const USUAL_ROUNDS: Readonly<Record<HashScheme, number>> = { sha512: 5000, bcrypt: 5, apr1: 1000 }

// The types declare a default export, but the import gives CommonJS's module.exports. It treats each character as a byte.
const apacheMd5 = (password: string, salt: string): string =>
  (apache.default as unknown as (password: string, salt: string) => string)(
    Buffer.from(password).toString('latin1'),
    salt,
  )

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const salt = (length: number, random: (bytes: number) => Uint8Array): string =>
  [...random(length)].map(byte => ALPHABET[byte & 63]).join('')

/** Hashes a password for an htpasswd file. bcrypt uses only the first 72 bytes of a password. */
export function hashPassword(
  password: string,
  scheme: HashScheme,
  { rounds, random }: { readonly rounds?: number; readonly random: (bytes: number) => Uint8Array },
): string {
  if (scheme === 'apr1') return apacheMd5(password, `$apr1$${salt(8, random)}$`)
  if (scheme === 'sha512') {
    const wanted = rounds ?? USUAL_ROUNDS.sha512
    return unixcrypt(password, `$6$${wanted === 5000 ? '' : `rounds=${wanted}$`}${salt(16, random)}`)
  }
  const cost = String(rounds ?? USUAL_ROUNDS.bcrypt).padStart(2, '0')
  // Apache and nginx expect the identifier 2y; the hash is the same.
  return hashSync(password, `$2b$${cost}$${bcryptSalt(random)}`).replace(/^\$2b\$/, '$2y$')
}

// 22 characters hold 132 bits for 128, so the last one has only four values.
const bcryptSalt = (random: (bytes: number) => Uint8Array): string => {
  const last = '.Oeu'
  return `${salt(21, random)}${last[(random(1)[0] ?? 0) & 3]}`
}

/** True when the hash belongs to this password. Unsupported schemes never match. */
export function passwordMatches(password: string, hash: string): boolean {
  if (/^\$2[aby]\$/.test(hash)) return compareSync(password, hash.replace(/^\$2[ay]\$/, '$2b$'))
  if (hash.startsWith('$apr1$')) return apacheMd5(password, hash) === hash
  if (/^\$[56]\$/.test(hash)) return unixcrypt(password, hash.slice(0, hash.lastIndexOf('$'))) === hash
  if (hash.startsWith('{SHA}')) return `{SHA}${createHash('sha1').update(password).digest('base64')}` === hash
  return false
}

/** The scheme and rounds of a hash; undefined for an unsupported scheme. */
export function schemeOf(hash: string): { readonly scheme: HashScheme; readonly rounds: number } | undefined {
  const bcrypt = /^\$2[aby]\$(\d\d)\$/.exec(hash)
  if (bcrypt !== null) return { scheme: 'bcrypt', rounds: Number(bcrypt[1]) }
  const sha512 = /^\$6\$(?:rounds=(\d+)\$)?/.exec(hash)
  if (sha512 !== null) return { scheme: 'sha512', rounds: Number(sha512[1] ?? 5000) }
  return hash.startsWith('$apr1$') ? { scheme: 'apr1', rounds: 1000 } : undefined
}
