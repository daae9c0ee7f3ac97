import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { needsOpenssh } from '../../../src/shell/ssh/needs-openssh.ts'
import { ConfigResolver } from '../../../src/shell/ssh/resolver.ts'
import { type LocalUser, settingsOf } from '../../../src/shell/ssh/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-config-'))
afterAll(() => rmSync(folder, { recursive: true }))
const reader: LocalUser = {
  home: folder,
  user: 'me',
  uid: 1,
  hostname: 'desk.example.com',
  env: { PATH: process.env['PATH'] },
}
let files = 0
const configFile = (text: string): string => {
  const file = join(folder, `config${files++}`)
  writeFileSync(file, text.replaceAll('DIR', folder))
  return file
}

const settle = async (text: string, names: readonly string[]) => {
  const resolver = new ConfigResolver(reader)
  const sshArgs = ['-F', configFile(text)]
  const found = await Promise.all(
    names.map(async name => {
      const config = await resolver.resolve({ name, connection: 'ssh', sshArgs })
      const settings = settingsOf(name, config, reader)
      return { settings, need: needsOpenssh(config, settings, reader) }
    }),
  )
  return { found, asked: resolver.asked }
}

describe('ssh -G', () => {
  it.each([
    ['where blocks say more', '  Ciphers aes128-ctr\n', 2],
    ['where they only say where to log in', '', 1],
  ])('ssh -G runs once for all hosts that match the same Host lines, %s', async (_, more, times) => {
    const names = Array.from({ length: 50 }, (_, i) => `web${i}`)
    const text = `Host web*\n  User deploy\n  Port 2222\n${more}Host db\n  User admin\n`
    const { found, asked } = await settle(text, [...names, 'db'])
    expect(asked).toBe(times)
    expect(found.map(({ settings }) => settings.hostname)).toEqual([...names, 'db'])
    expect([found[0]?.settings.user, found[0]?.settings.port, found.at(-1)?.settings.user]).toEqual([
      'deploy',
      2222,
      'admin',
    ])
  })

  it.each([
    ['Match', 'Match host web1\n  User deploy\nMatch all\n  User other\n', ['deploy', 'other']],
    ['a token', 'Host *\n  HostName %h.example.com\n', ['web1.example.com', 'web2.example.com']],
  ])('ssh -G runs for each host when the config contains %s', async (_, text, expected) => {
    const { found, asked } = await settle(text, ['web1', 'web2'])
    expect(asked).toBe(2)
    expect(found.map(({ settings: { user, hostname } }) => (text.includes('User') ? user : hostname))).toEqual(expected)
  })

  it('ssh -G does not run without a config', async () => {
    const resolver = new ConfigResolver(reader)
    const config = await resolver.resolve({ name: 'web1', connection: 'ssh', port: 2222, user: 'deploy' })
    const { hostname, port, user } = settingsOf('web1', config, reader)
    expect([hostname, port, user]).toEqual(['web1', 2222, 'deploy'])
    expect(resolver.asked).toBe(0)
  })

  it('ssh -G resolves includes, wildcards and negations', async () => {
    const more = configFile('Host web2\n  Port 2200\n  ProxyJump a,b@c:23\n  IdentitiesOnly yes\n')
    const { found } = await settle(`Include ${more}\nHost web* !web3\n  User deploy\n`, ['web1', 'web2', 'web3'])
    expect(
      found.map(({ settings: { user, port, jumps, identitiesOnly } }) => [user, port, jumps, identitiesOnly]),
    ).toEqual([
      ['deploy', 22, [], false],
      ['deploy', 2200, ['a', 'b@c:23'], true],
      [userInfo().username, 22, [], false],
    ])
  })

  it.each([
    ['Host web1\n  Port abc\n', /the ssh config cannot be used: .*abc/i],
    ['Host web1\n  Port 22 23\n', /cannot be used: .*extra arguments/i],
    ['Host web1\n  User "a\n', /cannot be used: .*(quotes|terminating)/i],
  ])('a config that ssh rejects is an error: %j', async (text, message) => {
    await expect(settle(text, ['web1', 'web2'])).rejects.toThrow(message)
  })

  it('the error of a broken config is shown', async () => {
    await expect(settle('Host web1\n  Prot 22\n', ['web1'])).rejects.toThrow(
      /the ssh config for web1 cannot be used: .*Bad configuration option: prot/,
    )
  })
})

describe('the shared result equals that of ssh -G for each host', () => {
  const inner = () => configFile('Host web2\n  Port 2202\n  IdentityFile DIR/two\nHost *\n  IdentityFile DIR/all\n')
  it.each([
    [
      'blocks',
      'Host web1\n  HostName 10.0.0.1\n  User a\nHost web*\n  User b\n  Port 23\nHost *\n  User c\n  Ciphers aes128-ctr\n',
    ],
    ['what stands before the first block', 'User first\nHost web1\n  User second\n  Port=24\n'],
    ['keys that add up', 'Host web1\n  IdentityFile DIR/one\nHost web* !web3\n  IdentityFile "DIR/wide one"\n'],
    [
      'known_hosts',
      'Host web1\n  UserKnownHostsFile /a /b\n  StrictHostKeyChecking no\nHost *\n  HashKnownHosts yes\n',
    ],
    ['jumps', 'Host web1\n  ProxyJump none\nHost *\n  ProxyJump x,y@z:23\n'],
    ['a comment after a number', 'Host web1\n  Port 2299 # x\n'],
    ['comments after names', 'Host web1 # web2 db\n  User admin # the admin\n  HostName 10.0.0.1 #here\n'],
    ['a comment after the name of a file', 'Host web1\n  IdentityFile DIR/one # my key\n'],
    ['a comment that is no comment', 'Host web1\n  User a#b\n  HostName "h#1"\n'],
    ['comments after =', 'Host web1\n  User=x #y\n  Port = 24 # z\n  User\t=\ty\n'],
    ['comments alone', '# one\n  # two\n#three\nHost web1\n #four\n  Port 25\n'],
    ['quotes', 'Host "web1"\n  User "a b" # c\n  IdentityFile "DIR/wide one" # d\n'],
    ['single quotes', "Host 'web1' web2\n  User 'it\\'s'\n  IdentityFile 'DIR/wide one'\n"],
    ['quotes inside of a word', 'Host we"b1"\n  User a" "b\n'],
    ['backslashes', 'Host web1\n  User a\\ b\n  IdentityFile DIR/wide\\ one\n  HostName a\\b\n'],
    ['a quote that is escaped', 'Host web1\n  User \\"a\\"\n'],
    ['carriage returns', 'Host web1\r\n  Port 26\r\n  User a\r\n'],
    ['jumps with a comment', 'Host web1\n  ProxyJump a,b@c:23 # over there\n'],
    ['lists of files with a comment', 'Host web1\n  UserKnownHostsFile /a "/b" # /c\n'],
    ['yes and no with a comment', 'Host web1\n  IdentitiesOnly yes # only\n  StrictHostKeyChecking no # never\n'],
    ['an included file', 'Include INNER\nHost web1\n  Port 25\n'],
    ['an included file inside a block', 'Host web2\n  Include INNER\nHost web1\n  Port 25\n'],
    ['a block that goes on after an included file', 'Host *\n  Include INNER\n  User after\n'],
  ])('%s', async (_, text) => {
    for (const file of ['one', 'two', 'all', 'wide one']) writeFileSync(join(folder, file), '')
    const path = configFile(text.replace('INNER', inner()))
    const resolver = new ConfigResolver(reader)
    for (const name of ['web1', 'web2', 'web3', 'db'])
      for (const more of [[], ['-o', 'Port=99', '-o', 'StrictHostKeyChecking=yes']])
        for (const target of [{}, { user: 'u', port: 77 }, { privateKeyFile: join(folder, 'one') }]) {
          const sshArgs = ['-F', path, ...more]
          const ours = await resolver.resolve({ name, connection: 'ssh', sshArgs, ...target })
          // An option that does nothing, but that is not followed here.
          const own = await resolver.resolve({ name, connection: 'ssh', sshArgs: [...sshArgs, '-q'], ...target })
          expect(plain(settingsOf(name, ours, reader))).toEqual(plain(settingsOf(name, own, reader)))
        }
  })
})

// Booleans have several spellings.
const plain = ({ strict, ...rest }: ReturnType<typeof settingsOf>) => ({
  ...rest,
  strict: { yes: 'true', no: 'false' }[strict] ?? strict,
})

it.each([
  ['nothing', '', undefined],
  ['Debian', 'Host *\n  GSSAPIAuthentication yes\n', undefined],
  ['a command', 'Host *\n  ProxyCommand nc %h %p\n', 'ProxyCommand'],
  ['no command', 'Host *\n  ProxyCommand none\n', undefined],
  ['a certificate', 'Host *\n  CertificateFile DIR/cert.pub\n', 'CertificateFile'],
  ['a token library', 'Host *\n  PKCS11Provider /usr/lib/x.so\n', 'PKCS11Provider'],
  ['a master that runs', 'Host *\n  ControlPath DIR/master\n', 'ControlPath with a master that is running'],
  ['a master that does not', 'Host *\n  ControlMaster auto\n  ControlPath DIR/none-%C\n', undefined],
  ['a security key', 'Host *\n  IdentityFile DIR/sk\n', 'a security key'],
  ['a security key among others', 'Host *\n  IdentityFile DIR/sk\n  IdentityFile DIR/plain\n', undefined],
  ['a certificate beside the key', 'Host *\n  IdentityFile DIR/signed\n', 'a certificate beside the key'],
])('the config needs OpenSSH: %s', async (_, text, expected) => {
  writeFileSync(join(folder, 'master'), '')
  writeFileSync(join(folder, 'sk'), '')
  writeFileSync(join(folder, 'sk.pub'), 'sk-ssh-ed25519@openssh.com AAAA')
  writeFileSync(join(folder, 'plain'), '')
  writeFileSync(join(folder, 'plain.pub'), 'ssh-ed25519 AAAA')
  writeFileSync(join(folder, 'signed'), '')
  writeFileSync(join(folder, 'signed-cert.pub'), '')
  expect((await settle(text, ['web1'])).found[0]?.need).toBe(expected)
})
