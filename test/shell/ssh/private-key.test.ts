import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readKeyFile } from '../../../src/shell/ssh/private-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-private-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const file = () => join(folder, `k${files++}`)
const keygen = (...args: readonly string[]) => {
  const path = file()
  execFileSync('ssh-keygen', ['-q', '-C', '', '-f', path, ...args])
  return path
}
const openssl = (...args: readonly string[]) => {
  const path = file()
  execFileSync('openssl', [...args, '-out', path], { stdio: 'ignore' })
  chmodSync(path, 0o600)
  return path
}

/** That it is the same key: what it signs, the public half that OpenSSH made of the file verifies. */
const provesItself = (path: string, passphrase = ''): boolean => {
  const read = readKeyFile(path, passphrase === '' ? undefined : passphrase)
  if (read.kind !== 'key') throw new Error(JSON.stringify(read))
  const blob = execFileSync('ssh-keygen', ['-y', '-P', passphrase, '-f', path]).toString().split(' ')[1] ?? ''
  const signature = read.key.sign(Buffer.from('data'))
  return (
    !(signature instanceof Error) &&
    read.key.verify(Buffer.from('data'), signature) &&
    read.key.getPublicSSH().toString('base64') === blob.trim()
  )
}

it.each([
  ['ed25519', () => keygen('-t', 'ed25519', '-N', '')],
  ['rsa', () => keygen('-t', 'rsa', '-b', '2048', '-N', '')],
  ['rsa, PEM', () => keygen('-t', 'rsa', '-b', '2048', '-N', '', '-m', 'PEM')],
  ['ecdsa 256', () => keygen('-t', 'ecdsa', '-b', '256', '-N', '')],
  ['ecdsa 521', () => keygen('-t', 'ecdsa', '-b', '521', '-N', '')],
  ['ecdsa, PEM', () => keygen('-t', 'ecdsa', '-N', '', '-m', 'PEM')],
  ['rsa, PKCS#8', () => openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048')],
  ['ecdsa, PKCS#8', () => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256')],
])('a private key is read: %s', (_, make) => {
  expect(provesItself(make())).toBe(true)
})

it('ed25519 in PKCS#8 is read, which OpenSSH cannot', () => {
  const read = readKeyFile(openssl('genpkey', '-algorithm', 'ED25519'))
  if (read.kind !== 'key') throw new Error(read.kind)
  const signature = read.key.sign(Buffer.from('data'))
  expect([read.key.type, read.key.verify(Buffer.from('data'), signature)]).toEqual(['ssh-ed25519', true])
})

it.each([
  ['OpenSSH', () => keygen('-t', 'ed25519', '-N', 'open sesame')],
  ['PEM', () => keygen('-t', 'rsa', '-b', '2048', '-N', 'open sesame', '-m', 'PEM')],
  ['PKCS#8', () => keygen('-t', 'rsa', '-b', '2048', '-N', 'open sesame', '-m', 'PKCS8')],
])('an encrypted key (%s) accepts only its passphrase', (_, make) => {
  const path = make()
  const locked = readKeyFile(path)
  expect([locked.kind, 'blob' in locked && locked.blob !== undefined]).toEqual(['locked', true])
  expect(provesItself(path, 'open sesame')).toBe(true)
  expect(readKeyFile(path, 'wrong')).toMatchObject({ kind: 'unusable', why: expect.stringContaining('passphrase') })
})

it('a key that others may read is refused, as in OpenSSH', () => {
  const path = keygen('-t', 'ed25519', '-N', '')
  chmodSync(path, 0o644)
  expect(readKeyFile(path)).toEqual({ kind: 'unusable', why: `others may read ${path}: chmod 600 ${path}` })
})

it('the public key alone is enough when an agent has the private one', () => {
  const path = keygen('-t', 'ed25519', '-N', '')
  const alone = file()
  copyFileSync(`${path}.pub`, `${alone}.pub`)
  expect(readKeyFile(alone).kind).toBe('public')
  expect(readKeyFile(`${path}.pub`).kind).toBe('public')
})

it.each([
  ['nothing', undefined, /cannot be read/],
  ['no key', 'hello\n', /Unsupported key format/],
  ['half a key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n', /k\d+: /],
])('an invalid key file is reported: %s', (_, text, why) => {
  const path = file()
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 })
  const read = readKeyFile(path)
  expect(read).toMatchObject({ kind: 'unusable', why: expect.stringMatching(why) })
})
