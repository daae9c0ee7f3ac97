import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { Secrets } from '../../src/text/redact.ts'
import { quote } from '../../src/text/sh.ts'

const M = '********'
const secretsOf = (...values: readonly string[]): Secrets => {
  const secrets = new Secrets()
  for (const value of values) secrets.add(value)
  return secrets
}

test.each<[string, readonly string[], string, string]>([
  ['plain', ['hunter2'], 'password is hunter2!', `password is ${M}!`],
  ['none', [], 'nothing here', 'nothing here'],
  ['too short', ['abc'], 'abc abc', 'abc abc'],
  ['longest first', ['hunter', 'hunter2-long'], 'hunter2-long hunter', `${M} ${M}`],
  ['one inside another', ['abcdefgh', 'cdef'], 'xabcdefghx cdef', `x${M}x ${M}`],
  ['overlapping', ['abcdef', 'defghi'], 'abcdefghi.', `${M}.`],
  ['side by side', ['abcd'], 'abcdabcd', M + M],
  ['lines of a key', ['-----BEGIN\nMIIabc\nxyz123\n'], '+MIIabc\n+xyz123\n x', `+${M}\n+${M}\n x`],
])('%s', (_name, values, text, masked) => {
  expect(secretsOf(...values).mask(text)).toBe(masked)
})

const AWKWARD = 'p@ss "w\'rd\\ $x`~ é/+?&\n*!end'
test.each<[string, string]>([
  ['JSON', JSON.stringify({ key: AWKWARD })],
  ['shell', quote(AWKWARD)],
  ['URL', `https://x/?q=${encodeURIComponent(AWKWARD)}`],
  [
    'JSON of letters of ASCII alone',
    JSON.stringify(AWKWARD).replace(/[^\0-~]/g, one => `\\u00${one.charCodeAt(0).toString(16)}`),
  ],
  ['a URL by Jinja, which leaves / alone', 'p%40ss%20%22w%27rd%5C%20%24x%60~%20%C3%A9/%2B%3F%26%0A%2A%21end'],
  ['HTML', 'p@ss &#34;w&#39;rd\\ $x`~ é/+?&amp;\n*!end'],
  ['hex', Buffer.from(AWKWARD).toString('hex')],
  ['form', new URLSearchParams({ q: AWKWARD }).toString()],
  ['base64', Buffer.from(AWKWARD).toString('base64')],
  ['base64url', Buffer.from(AWKWARD).toString('base64url')],
  ['basic auth, 1', Buffer.from(`u:${AWKWARD}`).toString('base64')],
  ['basic auth, 2', Buffer.from(`us:${AWKWARD}:x`).toString('base64')],
  ['basic auth, 3', Buffer.from(`use:${AWKWARD}:xy`).toString('base64')],
])('an awkward secret is masked as %s', (_name, text) => {
  const masked = secretsOf(AWKWARD).mask(text)
  expect(masked).toContain(M)
  expect(masked.length).toBeLessThan(text.length - AWKWARD.length / 2)
})

test.each<[string, string, string]>([
  [
    'the password of an address',
    'GET http://ann:s3cr@x/ and pg://u:p%40w@db:5432/x',
    `GET http://ann:${M}@x/ and pg://u:${M}@db:5432/x`,
  ],
  [
    'no password in an address',
    'https://host:8080/a@b ssh://git@host/x mailto:a:b@c',
    'https://host:8080/a@b ssh://git@host/x mailto:a:b@c',
  ],
  ['the hash of a password', 'ann:$6$salt$abcdefghijk\nbob:$apr1$x$yyyyyyyy', `ann:$6$${M}\nbob:$apr1$${M}`],
  ['no hash', 'it costs $5 or $6, see $1', 'it costs $5 or $6, see $1'],
  [
    'a private key',
    '+-----BEGIN PRIVATE KEY-----\n+MIIabc\n+-----END PRIVATE KEY-----\n',
    `+-----BEGIN PRIVATE KEY-----${M}-----END PRIVATE KEY-----\n`,
  ],
])('a secret is recognised by pattern: %s', (_name, text, masked) => {
  expect(secretsOf().mask(text)).toBe(masked)
  expect(secretsOf().maskDeep({ text })).toEqual({ text: masked })
})

test('maskDeep masks keys, values and numbers, and keeps other values', () => {
  const bytes = new Uint8Array([1])
  const value = { hunter2: ['say hunter2', 123456, 7, null, true], bytes }
  expect(secretsOf('hunter2', '123456').maskDeep(value)).toEqual({ [M]: [`say ${M}`, M, 7, null, true], bytes })
})

test('a secret added later is masked from then on', () => {
  const secrets = secretsOf('first-one')
  expect(secrets.mask('second-one')).toBe('second-one')
  secrets.add('second-one')
  expect(secrets.mask('first-one second-one')).toBe(`${M} ${M}`)
})

test('thousands of secrets are masked in one pass', () => {
  const secrets = new Secrets()
  for (let i = 0; i < 2000; i++) secrets.add(`aaaaaaaa-secret-${i}`)
  const text = 'aaaaaaaa-secret- '.repeat(20_000)
  secrets.mask('')
  const start = performance.now()
  secrets.mask(text)
  expect(performance.now() - start).toBeLessThan(2000)
})
