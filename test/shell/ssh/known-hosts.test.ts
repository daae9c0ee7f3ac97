import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hashName, knownName, matchesHost, parseKnownHosts } from '../../../src/shell/ssh/known-hosts.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-known-'))
afterAll(() => rmSync(folder, { recursive: true }))
const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ2vZ0FmYt0kq5Yt5S6J1b6x5o8m6kq0c1k5b8n9o0pq'

describe('a known_hosts line matches a host', () => {
  it.each([
    ['web1', 'web1', true],
    ['web1', 'web11', false],
    ['WEB1', 'web1', true],
    ['web1,10.0.0.1', '10.0.0.1', true],
    ['web1,10.0.0.1', '10.0.0.10', false],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'aXexample.com', false],
    ['web?', 'web1', true],
    ['web?', 'web', false],
    ['*.example.com,!bad.example.com', 'good.example.com', true],
    ['*.example.com,!bad.example.com', 'bad.example.com', false],
    ['!bad.example.com,*.example.com', 'bad.example.com', false],
    ['!bad.example.com', 'good.example.com', false],
    ['[web1]:2222', '[web1]:2222', true],
    ['[web1]:2222', 'web1', false],
    ['[*.example.com]:2222', '[a.example.com]:2222', true],
    ['web1', '[web1]:2222', false],
    ['fe80::1', 'fe80::1', true],
    ['*', '[web1]:2222', true],
    ['|1|broken', 'web1', false],
  ])('%s, asked for %s: %s', (hosts, name, expected) => {
    expect(matchesHost(hosts, name)).toBe(expected)
  })

  it.each(['web1', '[10.0.0.1]:2222'])('as ssh-keygen hashes %s', name => {
    const file = join(folder, 'known_hosts')
    writeFileSync(file, `${name} ssh-ed25519 ${publicKey()}\nother ssh-ed25519 ${publicKey()}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file])
    const hits = parseKnownHosts(readFileSync(file, 'utf8'), file).map(({ hosts }) => matchesHost(hosts, name))
    expect(hits).toEqual([true, false])
  })

  it('ssh-keygen finds a name that was hashed here', () => {
    const file = join(folder, 'hashed')
    writeFileSync(file, `${hashName('[web1]:2222')} ssh-ed25519 ${publicKey()}\n`)
    expect(execFileSync('ssh-keygen', ['-F', '[web1]:2222', '-f', file]).toString()).toContain('found: line 1')
  })
})

describe('parseKnownHosts', () => {
  it('parseKnownHosts reads markers, comments and tabs, and skips invalid lines', () => {
    const text = [
      '# comment',
      '',
      `web1 ssh-ed25519 ${KEY} someone@somewhere`,
      `@revoked * ssh-ed25519 ${KEY}`,
      `@cert-authority\t*.example.com\tssh-ed25519\t${KEY}`,
      `@unknown web2 ssh-ed25519 ${KEY}`,
      'web3 ssh-ed25519',
      'web4 ssh-ed25519 not*base64',
    ].join('\r\n')
    expect(
      parseKnownHosts(text.replaceAll('\r', ''), 'f').map(({ line, marker, hosts }) => [line, marker, hosts]),
    ).toEqual([
      [3, undefined, 'web1'],
      [4, 'revoked', '*'],
      [5, 'cert-authority', '*.example.com'],
    ])
    expect(parseKnownHosts(text, 'f')).toHaveLength(3)
  })

  it.each([
    ['Web1', 22, 'web1'],
    ['web1', 2222, '[web1]:2222'],
    ['::1', 2222, '[::1]:2222'],
  ])('%s with port %d is stored as %s', (host, port, name) => {
    expect(knownName(host, port)).toBe(name)
  })
})

const publicKey = (): string => {
  const file = join(folder, `k${Math.random()}`)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  return readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? ''
}
