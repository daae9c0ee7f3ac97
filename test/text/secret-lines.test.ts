import { describe, expect, it } from 'vitest'
import { namesSecret, withoutSecrets } from '../../src/text/secret-lines.ts'
import { loaded, play } from '../load/loaded.ts'

describe('names of secrets', () => {
  it.each([
    'password',
    'db_password',
    'DB_PASSWORD',
    'ansible_become_pass',
    'api_key',
    'apikey',
    'aws_secret_access_key',
    'token',
    'vault-token',
    'clientSecret',
    'private_key',
    'passwords',
  ])('%s', name => {
    expect(namesSecret(name)).toBe(true)
  })
  it.each(['path', 'key', 'name', 'compass', 'passenger', 'tokenizer', 'host_key_checking', 'secretary', 'dest'])(
    'not %s',
    name => {
      expect(namesSecret(name)).toBe(false)
    },
  )
})

describe('a line is shown with its secret masked, in the same width', () => {
  it.each([
    ['password: hush-4711', 'password: *********'],
    ['db_password: "hush 47"  # old', 'db_password: "**** **"  # old'],
    ["  api_key: 'x''y'", "  api_key: '*''*'"],
    [
      '- htpasswd-user: { name: ann, password: hush, mode: 1 }',
      '- htpasswd-user: { name: ann, password: ****, mode: 1 }',
    ],
    ['{"password": "hush", "a": 1}', '{"password": "****", "a": 1}'],
    ['vars: { token: [hush', 'vars: { token: *****'],
    [
      'h1 ansible_host=x ansible_password=hush ansible_port=1',
      'h1 ansible_host=x ansible_password=**** ansible_port=1',
    ],
    ['url: postgresql://ann:hush@db/x', 'url: postgresql://ann:****@db/x'],
    ['password: "{{ vault_password }}"', 'password: "{{ vault_password }}"'],
    ['password: true', 'password: true'],
    ['path: /etc/passwd', 'path: /etc/passwd'],
    ['password: |', 'password: |'],
  ])('%s', (line, shown) => {
    expect(withoutSecrets([line], 0)).toBe(shown)
  })

  it('secrets of several lines and in no_log tasks are masked', () => {
    const lines = ['private_key: |', '  abc def', 'next: abc']
    expect(lines.map((_, i) => withoutSecrets(lines, i))).toEqual(['private_key: |', '  *** ***', 'next: abc'])
    const task = ['- name: say it', '  command: login hush', '  no_log: true', '- command: login me']
    expect(task.map((_, i) => withoutSecrets(task, i))).toEqual([
      '- name: say it',
      '  command: ***** ****',
      '  no_log: true',
      '- command: login me',
    ])
  })
})

it('a line of megabytes costs only its shown part', () => {
  const long = `${'x'.repeat(9_000_000)} password: hush-4711`
  const began = Date.now()
  expect(withoutSecrets([long], 0, 160)).toHaveLength(long.length)
  expect(withoutSecrets([long], 0, long.length).endsWith('password: *********')).toBe(true)
  expect(Date.now() - began).toBeLessThan(2000)
})

describe('an error in a file does not print the password in its line', () => {
  it.each([
    ['an unknown param', play('- htpasswd-user: { path: /x, name: a, password: Literal-One, bogus: 1 }\n')],
    ['a wrong value', play('- htpasswd-user: { path: /x, name: a, password: [Literal-One] }\n')],
    ['a wrong type of it', play('- http-check: { url: "http://x/", user: a, password: { a: Literal-One } }\n')],
    ['the line before', '- hosts: all\n  vars:\n    db_password: Literal-One\n    bad: "{{ x | nosuch }}"\n'],
    ['YAML that does not parse', '- hosts: all\n  vars:\n    db_password: Literal-One\n   bad: x\n'],
    ['a task with no_log', play('- command: login Literal-One\n  no_log: true\n  bogus: 1\n')],
  ])('%s', async (_, text) => {
    const { all } = await loaded({ 'p.yml': text })
    expect(all.length).toBeGreaterThan(0)
    expect(all.map(fault => fault.describe()).join('\n')).not.toContain('Literal-One')
  })
})
