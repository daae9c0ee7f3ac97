import * as apache from 'apache-md5'
import { hashSync } from 'bcryptjs'
import { unixcrypt } from './unixcrypt.ts'

export type CryptScheme = 'sha512' | 'sha256' | 'md5' | 'bcrypt'

export interface CryptWish {
  readonly salt: string | null
  /** Letters of a salt that is drawn. */
  readonly saltSize: number | null
  readonly rounds: number | null
  /** Of bcrypt: the letters after the first dollar sign. */
  readonly ident: string | null
  readonly random: (bytes: number) => Uint8Array
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BCRYPT = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LONGEST: Readonly<Record<CryptScheme, number>> = { sha512: 16, sha256: 16, md5: 8, bcrypt: 22 }
// More than these would hold up all hosts of a run for many seconds: hashes are made in the controller's one thread.
const ROUNDS: Readonly<Record<CryptScheme, readonly [least: number, most: number] | null>> = {
  sha512: [1000, 1_000_000],
  sha256: [1000, 1_000_000],
  md5: null,
  bcrypt: [4, 15],
}

/** Bytes of a password that is hashed: each round reads all of them. */
export const LONGEST_PASSWORD = 4096

/** A password's hash as /etc/shadow holds it. Throws a `TypeError` for a password, a salt or rounds that the scheme cannot have. */
export function cryptPassword(password: string, scheme: CryptScheme, wish: CryptWish): string {
  if (password.includes('\0')) throw new TypeError('a password cannot hold a NUL character')
  if (Buffer.byteLength(password) > LONGEST_PASSWORD)
    throw new TypeError(`a password has at most ${LONGEST_PASSWORD} bytes`)
  const range = ROUNDS[scheme]
  if (wish.rounds !== null && range === null) throw new TypeError(`${scheme} has no rounds`)
  if (wish.rounds !== null && range !== null && (wish.rounds < range[0] || wish.rounds > range[1]))
    throw new TypeError(`${scheme} takes ${range[0]} to ${range[1]} rounds, not ${wish.rounds}`)
  if (wish.ident !== null && scheme !== 'bcrypt') throw new TypeError(`ident is for bcrypt, not for ${scheme}`)
  const salt = saltOf(scheme, wish)
  switch (scheme) {
    case 'bcrypt': {
      const cost = String(wish.rounds ?? 12).padStart(2, '0')
      const ident = wish.ident ?? '2b'
      return hashSync(password, `$2b$${cost}$${salt}`).replace(/^\$2b\$/, `$${ident}$`)
    }
    case 'md5':
      return md5(password, `$1$${salt}$`)
    default: {
      const id = scheme === 'sha512' ? '6' : '5'
      const rounds = wish.rounds ?? 5000
      // 5000 is what crypt(3) takes where nothing is said.
      return unixcrypt(password, `$${id}$${rounds === 5000 ? '' : `rounds=${rounds}$`}${salt}`)
    }
  }
}

const md5 = (password: string, salt: string): string =>
  (apache.default as unknown as (password: string, salt: string) => string)(
    Buffer.from(password).toString('latin1'),
    salt,
  )

const saltOf = (scheme: CryptScheme, { salt, saltSize, random }: CryptWish): string => {
  const longest = LONGEST[scheme]
  const exact = scheme === 'bcrypt'
  if (salt !== null) {
    if (!/^[./0-9A-Za-z]*$/.test(salt)) throw new TypeError('a salt has letters, digits, . and / only')
    if (exact ? salt.length !== longest : salt.length > longest)
      throw new TypeError(
        `the salt of ${scheme} has ${exact ? '' : 'at most '}${longest} characters, this has ${salt.length}`,
      )
    // Of the last letter of a bcrypt salt two bits count alone.
    return exact ? salt.slice(0, 21) + BCRYPT.charAt(BCRYPT.indexOf(salt.charAt(21)) & 0x30) : salt
  }
  const size = saltSize ?? longest
  if (size < 0 || size > longest || (exact && size !== longest))
    throw new TypeError(`the salt of ${scheme} has ${exact ? '' : 'at most '}${longest} characters, not ${size}`)
  const letters = [...random(size)].map(byte => ALPHABET.charAt(byte & 63)).join('')
  return exact ? letters.slice(0, 21) + BCRYPT.charAt((random(1)[0] as number) & 0x30) : letters
}
