import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { hashPassword, passwordMatches, schemeOf } from '../../src/text/password-hash.ts'

const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => i * 37 + 11)
const passwords = ['a', 'long enough to be good', 'ümlaut ✓', `quote ' " $HOME \\`]
const openssl = (scheme: string, salt: string, password: string) =>
  execFileSync('openssl', ['passwd', scheme, '-salt', salt, '-stdin'], { input: `${password}\n` })
    .toString()
    .trim()

describe('hashes', () => {
  it.each(passwords)('hashes equal those of openssl: %s', password => {
    const sha512 = hashPassword(password, 'sha512', { random })
    expect(openssl('-6', sha512.split('$')[2] ?? '', password)).toBe(sha512)
    const apr1 = hashPassword(password, 'apr1', { random })
    expect(openssl('-apr1', apr1.split('$')[2] ?? '', password)).toBe(apr1)
  })

  it.each(['sha512', 'bcrypt', 'apr1'] as const)(
    '%s: a password matches only its own hash, whose scheme is recognised',
    scheme => {
      const rounds = { sha512: 6000, bcrypt: 4, apr1: 1000 }[scheme]
      for (const password of passwords) {
        const hash = hashPassword(password, scheme, { rounds, random })
        expect(passwordMatches(password, hash)).toBe(true)
        expect(passwordMatches(`${password}x`, hash)).toBe(false)
        expect(schemeOf(hash)).toEqual({ scheme, rounds })
      }
    },
  )

  it.each([
    // openssl passwd -5 -salt saltsalt secret; htpasswd -s
    ['secret', '$5$saltsalt$kAnlHyTQhVc/dGL8ea9rlfjc7pXmcQBBKQ6BmBrDpZD', undefined],
    ['secret', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', undefined],
    ['secret', 'plain', undefined],
    ['secret', '', undefined],
    ['secret', '$y$j9T$abc$def', undefined],
  ])('hashes of other schemes are checked but never written: %s %s', (_, hash, scheme) =>
    expect(schemeOf(hash)).toBe(scheme),
  )

  it('{SHA} is checked', () => expect(passwordMatches('secret', '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=')).toBe(true))
})
