import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fingerprint, HostKeys, keyType, orderAlgorithms, verifyHostKey } from '../../../src/shell/ssh/host-keys.ts'
import { hashName } from '../../../src/shell/ssh/known-hosts.ts'

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
    expect(verifyHostKey(new HostKeys().known('web1', 22, [fileOf(text)]), shown).kind).toBe(verdict)
  })

  it('a key of the name without a port is valid for another port, as in OpenSSH', () => {
    const file = fileOf(line('web1', ours))
    expect(verifyHostKey(new HostKeys().known('web1', 2222, [file]), ours).kind).toBe('known')
    const both = fileOf(line('web1', ours) + line('[web1]:2222', other))
    expect(verifyHostKey(new HostKeys().known('web1', 2222, [both]), ours).kind).toBe('changed')
  })

  it('a host with a certificate authority is recognised', () => {
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
  it('a new key is appended for this run and the next, in a private file', () => {
    const file = join(folder, 'deep', 'known_hosts')
    const keys = new HostKeys()
    expect(keys.remember(keys.known('web1', 2222, [file]), ours, { file, hashed: false })).toBeUndefined()
    expect(readFileSync(file, 'utf8')).toBe(line('[web1]:2222', ours))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700)
    expect(verifyHostKey(keys.known('web1', 2222, [file]), other).kind).toBe('changed')
    expect(verifyHostKey(new HostKeys().known('web1', 2222, [file]), ours).kind).toBe('known')
  })

  it('a new key is not joined to a last line without a newline', () => {
    const file = fileOf(line('web0', other).trim())
    const keys = new HostKeys()
    keys.remember(keys.known('web1', 22, [file]), ours, { file, hashed: true })
    const [first, second] = readFileSync(file, 'utf8').split('\n')
    expect(first).toBe(line('web0', other).trim())
    expect(second).toMatch(/^\|1\|/)
    expect(verifyHostKey(new HostKeys().known('web1', 22, [file]), ours).kind).toBe('known')
  })

  it('an error is returned when the key cannot be written', () => {
    const file = join(folder, 'a-folder')
    mkdirSync(file)
    const keys = new HostKeys()
    expect(keys.remember(keys.known('web1', 22, [file]), ours, { file, hashed: false })).toContain('cannot be written')
    expect(verifyHostKey(keys.known('web1', 22, [file]), ours).kind).toBe('known')
  })
})

it("the fingerprint has OpenSSH's format", () => {
  const file = join(folder, 'real')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  const blob = Buffer.from(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? '', 'base64')
  expect(execFileSync('ssh-keygen', ['-lf', `${file}.pub`]).toString()).toContain(` ${fingerprint(blob)} `)
})

describe('hashed names', () => {
  const hashed = (name: string, one: Buffer): string => line(hashName(name), one)

  it.each([
    ['known', hashed('web1', ours), ours, 'known'],
    ['of another host', hashed('web2', ours), ours, 'new'],
    ['changed', hashed('web1', other), ours, 'changed'],
    ["changed, and its key is another host's", hashed('web1', other) + hashed('web2', ours), ours, 'changed'],
    ['two hosts of one key', hashed('web2', ours) + hashed('web1', ours), ours, 'known'],
    ['revoked', hashed('web1', ours) + `@revoked ${hashed('web1', ours)}`, ours, 'revoked'],
    ['revoked for another host', hashed('web1', ours) + `@revoked ${hashed('web2', ours)}`, ours, 'known'],
    ['written out with another key', line('web1', other) + hashed('web1', ours), ours, 'changed'],
  ])('%s', (_, text, shown, verdict) => {
    expect(verifyHostKey(new HostKeys().known('web1', 22, [fileOf(text)]), shown).kind).toBe(verdict)
  })

  it('a key of the name without a port is valid only if the port has no key of its own', () => {
    const bare = fileOf(hashed('web1', ours))
    expect(verifyHostKey(new HostKeys().known('web1', 2222, [bare]), ours).kind).toBe('known')
    const both = fileOf(hashed('web1', ours) + hashed('[web1]:2222', other))
    expect(verifyHostKey(new HostKeys().known('web1', 2222, [both]), ours).kind).toBe('changed')
  })

  it('a host known by a key of another type is asked for that key next time', () => {
    const file = fileOf(hashed('web1', rsa) + hashed('web2', ours))
    const keys = new HostKeys()
    expect(verifyHostKey(keys.known('web1', 22, [file]), ours)).toMatchObject({ kind: 'changed', otherType: true })
    const again = keys.known('web1', 22, [file])
    expect(orderAlgorithms(again, ['ssh-ed25519', 'rsa-sha2-512'])).toEqual(['rsa-sha2-512', 'ssh-ed25519'])
    expect(verifyHostKey(again, rsa).kind).toBe('known')
    expect(verifyHostKey(again, ours)).toMatchObject({ kind: 'changed', otherType: false })
  })

  it('a certificate authority with a hashed name is found', () => {
    const file = fileOf(`@cert-authority ${hashed('web1', ours)}`)
    expect(new HostKeys().known('web1', 22, [file]).authority).toBe(true)
    expect(new HostKeys().known('web2', 22, [file]).authority).toBe(false)
  })
})

describe('many hosts with known keys', () => {
  const number = (n: number): Buffer => {
    const bytes = key('ssh-ed25519', 'a')
    bytes.writeUInt32BE(n, bytes.length - 4)
    return bytes
  }
  const seconds = (action: () => void): number => {
    const began = performance.now()
    action()
    return (performance.now() - began) / 1000
  }

  it.each([true, false])('many hosts are checked and added in linear time (hashed: %s)', isHashed => {
    const known = (hosts: number): number => {
      const names = Array.from({ length: hosts }, (_, n) => `host${n}`)
      const file = fileOf(names.map((name, n) => line(isHashed ? hashName(name) : name, number(n))).join(''))
      const keys = new HostKeys()
      return seconds(() =>
        names.forEach((name, n) => {
          expect(verifyHostKey(keys.known(name, 22, [file]), number(n)).kind).toBe('known')
        }),
      )
    }
    const kept = (hosts: number): number => {
      const file = join(folder, `kept-${hosts}-${isHashed}`)
      const keys = new HostKeys()
      return seconds(() => {
        for (let n = 0; n < hosts; n++) {
          const one = keys.known(`host${n}`, 22, [file])
          expect(verifyHostKey(one, number(n)).kind).toBe('new')
          keys.remember(one, number(n), { file, hashed: isHashed })
        }
      })
    }
    for (const measured of [known, kept]) {
      measured(200)
      // Eight times as many take about eight times as long; the square of that is sixty-four.
      expect(measured(4000) / measured(500)).toBeLessThan(30)
    }
  })
})
