import * as apache from 'apache-md5'
import { hashSync } from 'bcryptjs'
import { unixcrypt } from './unixcrypt.ts'

export type CryptScheme = 'sha512' | 'sha256' | 'md5' | 'bcrypt'

export interface CryptOptions {
  readonly salt: string | null
  /** Length of a generated salt. */
  readonly saltSize: number | null
  readonly rounds: number | null
  /** For bcrypt: the identifier after the first dollar sign. */
  readonly ident: string | null
  readonly random: (bytes: number) => Uint8Array
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BCRYPT = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LONGEST: Readonly<Record<CryptScheme, number>> = { sha512: 16, sha256: 16, md5: 8, bcrypt: 22 }
// Upper limits, because hashing blocks the controller's only thread, and with it all hosts.
const ROUNDS: Readonly<Record<CryptScheme, readonly [least: number, most: number] | null>> = {
  sha512: [1000, 1_000_000],
  sha256: [1000, 1_000_000],
  md5: null,
  bcrypt: [4, 15],
}

/** Maximum length of a password in bytes: each round hashes all of it. */
export const LONGEST_PASSWORD = 4096

/** Hashes a password in the format of /etc/shadow. Throws a `TypeError` for an invalid password, salt or number of rounds. */
export function cryptPassword(password: string, scheme: CryptScheme, wish: CryptOptions): string {
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
      // 5000 is the default of crypt(3) and is not written.
      return unixcrypt(password, `$${id}$${rounds === 5000 ? '' : `rounds=${rounds}$`}${salt}`)
    }
  }
}

const md5 = (password: string, salt: string): string =>
  (apache.default as unknown as (password: string, salt: string) => string)(
    Buffer.from(password).toString('latin1'),
    salt,
  )

const saltOf = (scheme: CryptScheme, { salt, saltSize, random }: CryptOptions): string => {
  const longest = LONGEST[scheme]
  const exact = scheme === 'bcrypt'
  if (salt !== null) {
    if (!/^[./0-9A-Za-z]*$/.test(salt)) throw new TypeError('a salt has letters, digits, . and / only')
    if (exact ? salt.length !== longest : salt.length > longest)
      throw new TypeError(
        `the salt of ${scheme} has ${exact ? '' : 'at most '}${longest} characters, this has ${salt.length}`,
      )
    // Only two bits of the last character of a bcrypt salt count.
    return exact ? salt.slice(0, 21) + BCRYPT.charAt(BCRYPT.indexOf(salt.charAt(21)) & 0x30) : salt
  }
  const size = saltSize ?? longest
  if (size < 0 || size > longest || (exact && size !== longest))
    throw new TypeError(`the salt of ${scheme} has ${exact ? '' : 'at most '}${longest} characters, not ${size}`)
  const letters = [...random(size)].map(byte => ALPHABET.charAt(byte & 63)).join('')
  return exact ? letters.slice(0, 21) + BCRYPT.charAt((random(1)[0] as number) & 0x30) : letters
}
