import * as library from 'unixcrypt'

/** SHA-256 and SHA-512 crypt(3). `salt` is `$6$`, `$6$SALT` or `$6$rounds=N$SALT`; without SALT a random one is used. */
export const unixcrypt = (password: string, salt: string): string => library.encrypt(password, salt)
