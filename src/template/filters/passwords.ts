import { randomBytes } from 'node:crypto'
import { type CryptScheme, cryptPassword } from '../../text/crypt-password.ts'
import { nullable, oneOf, optional, text, whole } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'

const schemes: Readonly<Record<string, CryptScheme>> = {
  sha512: 'sha512',
  sha512_crypt: 'sha512',
  sha256: 'sha256',
  sha256_crypt: 'sha256',
  md5: 'md5',
  md5_crypt: 'md5',
  bcrypt: 'bcrypt',
  blowfish: 'bcrypt',
}

export const passwordFilters: Routines = {
  password_hash: routine(
    {
      password: text,
      hashtype: optional(oneOf(...Object.keys(schemes)), 'sha512'),
      salt: nullable(text),
      salt_size: nullable(whole),
      rounds: nullable(whole),
      ident: nullable(oneOf('2', '2a', '2b', '2y')),
    },
    ({ password, hashtype, salt, salt_size, rounds, ident }) =>
      cryptPassword(password, schemes[hashtype] as CryptScheme, {
        salt: salt === '' ? null : salt,
        saltSize: salt_size,
        rounds,
        ident,
        random: size => randomBytes(size),
      }),
  ),
}
