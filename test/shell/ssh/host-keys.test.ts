import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fingerprint, HostKeys, judgeHostKey, keyType, orderAlgorithms } from '../../../src/shell/ssh/host-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const fileOf = (text: string): string => {
  const file = join(folder, String(files++))
  writeFileSync(file, text)
  return file
}
const key = (type: string, filling: string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, Buffer.from(type), Buffer.alloc(32, filling)])
}
const [ours, other] = [key('ssh-ed25519', 'a'), key('ssh-ed25519', 'b')]
const rsa = key('ssh-rsa', 'r')
const line = (hosts: string, one: Buffer): string => `${hosts} ${keyType(one)} ${one.toString('base64')}\n`

describe('judgeHostKey', () => {
  it.each([
    ['known', line('web1', ours), ours, 'known'],
    ['known by another line', line('web1', other) + line('web1', ours), ours, 'known'],
    ['known by a wildcard', line('web*', ours), ours, 'known'],
    ['of another host', line('web2', ours), ours, 'new'],
    ['changed', line('web1', other), ours, 'changed'],
    ['of another type than the known one', line('web1', rsa), ours, 'changed'],
    ['one of two types', line('web1', rsa) + line('web1', ours), ours, 'known'],
    ['revoked', `@revoked * ${line('', ours).trim()}\n${line('web1', ours)}`, ours, 'revoked'],
    ['not the revoked one', `@revoked * ${line('', other).trim()}\n${line('web1', ours)}`, ours, 'known'],
  ])('%s', (_, text, shown, verdict) => {
    expect(judgeHostKey(new HostKeys().known('web1', 22, [fileOf(text)]), shown).kind).toBe(verdict)
  })

  it('takes a key that is known under the bare name for another port, as OpenSSH does', () => {
    const file = fileOf(line('web1', ours))
    expect(judgeHostKey(new HostKeys().known('web1', 2222, [file]), ours).kind).toBe('known')
    const both = fileOf(line('web1', ours) + line('[web1]:2222', other))
    expect(judgeHostKey(new HostKeys().known('web1', 2222, [both]), ours).kind).toBe('changed')
  })

  it('knows when an authority may vouch for the host', () => {
    const file = fileOf(`@cert-authority *.example.com ${line('', ours).trim()}\n`)
    expect(new HostKeys().known('a.example.com', 22, [file]).authority).toBe(true)
    expect(new HostKeys().known('web1', 22, [file]).authority).toBe(false)
  })
})

it('orderAlgorithms puts those of known keys first', () => {
  const known = new HostKeys().known('web1', 22, [fileOf(line('web1', rsa))])
  expect(orderAlgorithms(known, ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'])).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
  ])
})

describe('remember', () => {
  it('adds a line of its own, for this run and the next, readable by nobody else', () => {
    const file = join(folder, 'deep', 'known_hosts')
    const keys = new HostKeys()
    expect(keys.remember(keys.known('web1', 2222, [file]), ours, { file, hashed: false })).toBeUndefined()
    expect(readFileSync(file, 'utf8')).toBe(line('[web1]:2222', ours))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
    expect(judgeHostKey(keys.known('web1', 2222, [file]), other).kind).toBe('changed')
    expect(judgeHostKey(new HostKeys().known('web1', 2222, [file]), ours).kind).toBe('known')
  })

  it('never joins the last line of a file without a newline', () => {
    const file = fileOf(line('web0', other).trim())
    const keys = new HostKeys()
    keys.remember(keys.known('web1', 22, [file]), ours, { file, hashed: true })
    const [first, second] = readFileSync(file, 'utf8').split('\n')
    expect(first).toBe(line('web0', other).trim())
    expect(second).toMatch(/^\|1\|/)
    expect(judgeHostKey(new HostKeys().known('web1', 22, [file]), ours).kind).toBe('known')
  })

  it('says when it cannot', () => {
    const file = join(folder, 'a-folder')
    mkdirSync(file)
    const keys = new HostKeys()
    expect(keys.remember(keys.known('web1', 22, [file]), ours, { file, hashed: false })).toContain('cannot be written')
    expect(judgeHostKey(keys.known('web1', 22, [file]), ours).kind).toBe('known')
  })
})

it('fingerprint is as OpenSSH shows it', () => {
  const file = join(folder, 'real')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  const blob = Buffer.from(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? '', 'base64')
  expect(execFileSync('ssh-keygen', ['-lf', `${file}.pub`]).toString()).toContain(` ${fingerprint(blob)} `)
})
