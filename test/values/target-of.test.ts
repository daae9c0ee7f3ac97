import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { RunRequest } from '../../src/run/state/request.ts'
import { renderDeep } from '../../src/values/render.ts'
import { layeredScope } from '../../src/values/scope.ts'
import { type ConnectionSource, targetOf } from '../../src/values/target-of.ts'

const template = { now: () => new Date(), lookup: () => '' } as unknown as ConnectionSource['template']
const reached = (
  vars: JsonObject,
  more: { readonly name?: string; readonly play?: ConnectionSource['play'] } = {},
): ConnectionSource => ({
  host: { name: more.name ?? 'web1', groups: ['all'], vars },
  scope: layeredScope([{ vars }], (value, scope) => renderDeep(value, scope, template)),
  play: more.play ?? {},
  template,
})
const request = (more: Partial<RunRequest> = {}) => ({
  environment: { env: { HOME: '/home/me' }, cwd: '/plays', now: () => new Date(), random: () => new Uint8Array() },
  ...more,
})

describe('targetOf', () => {
  it.each<[string, JsonObject, object]>([
    ['nothing', {}, { name: 'web1', connection: 'ssh' }],
    ['an address', { ansible_host: '10.0.0.1', ansible_port: '2222' }, { address: '10.0.0.1', port: 2222 }],
    [
      'old names',
      { ansible_ssh_host: '10.0.0.1', ansible_ssh_port: 2222, ansible_ssh_user: 'u' },
      { address: '10.0.0.1', port: 2222, user: 'u' },
    ],
    ['templates', { ansible_host: '{{ ip }}', ip: '10.0.0.1' }, { address: '10.0.0.1' }],
    ['a password', { ansible_ssh_pass: 'p' }, { password: 'p' }],
    ['the newer name of a password', { ansible_password: 'new', ansible_ssh_pass: 'old' }, { password: 'new' }],
    ['a key below home', { ansible_ssh_private_key_file: '~/k' }, { privateKeyFile: '/home/me/k' }],
    ['a key beside', { ansible_private_key_file: 'keys/k' }, { privateKeyFile: '/plays/keys/k' }],
    ['a timeout', { ansible_timeout: 3 }, { connectTimeout: 3000 }],
    ['no host key checking', { ansible_host_key_checking: false }, { hostKeyChecking: 'accept-new' }],
    ['host key checking', { ansible_host_key_checking: 'strict' }, { hostKeyChecking: 'strict' }],
    [
      'options',
      { ansible_ssh_common_args: '-o ProxyJump="a b"', ansible_ssh_extra_args: '-4' },
      { sshArgs: ['-o', 'ProxyJump=a b', '-4'] },
    ],
    ['paramiko', { ansible_connection: 'paramiko_ssh' }, { connection: 'ssh' }],
    ['a full name', { ansible_connection: 'community.docker.docker' }, { connection: 'docker' }],
    ['an empty variable', { ansible_user: '', ansible_port: null }, { name: 'web1', connection: 'ssh' }],
  ])('%s', (_, vars, expected) => {
    const target = targetOf(reached(vars), request())
    expect(target).toEqual({ name: 'web1', connection: 'ssh', ...expected })
  })

  it.each<[string, JsonObject, string]>([
    ['localhost', {}, 'local'],
    ['localhost', { ansible_host: '127.0.0.1' }, 'ssh'],
    ['localhost', { ansible_connection: 'ssh' }, 'ssh'],
    ['127.0.0.1', {}, 'ssh'],
    ['web1', { ansible_connection: 'local' }, 'local'],
  ])('%s with %j is reached by %s', (name, vars, connection) => {
    expect(targetOf(reached(vars, { name }), request()).connection).toBe(connection)
  })

  it('variables override the play, and the play overrides the command line', () => {
    const line = request({
      remoteUser: 'line',
      privateKey: '/line',
      connection: { kind: 'openssh', timeout: 1, hostKeyChecking: 'accept-new', sshArgs: '-6', loginPassword: 'line' },
    })
    const play = { connection: 'ssh', remote_user: '{{ who }}', port: 22 }
    const { user, connection, port, connectTimeout } = targetOf(reached({ who: 'play' }, { play }), line)
    expect([user, connection, port, connectTimeout]).toEqual(['play', 'ssh', 22, 1000])
    const vars = {
      ...{ ansible_user: 'var', ansible_connection: 'local', ansible_port: 1, ansible_timeout: 2, who: '' },
      ...{ ansible_private_key_file: '/var', ansible_host_key_checking: true, ansible_password: 'var' },
    }
    expect(targetOf(reached(vars, { play }), line)).toEqual({
      name: 'web1',
      connection: 'local',
      user: 'var',
      port: 1,
      connectTimeout: 2000,
      privateKeyFile: '/var',
      hostKeyChecking: 'strict',
      password: 'var',
      sshArgs: ['-6'],
    })
    expect(targetOf(reached({}), line)).toMatchObject({ user: 'line', connection: 'openssh', privateKeyFile: '/line' })
  })

  it.each<[JsonObject, RegExp]>([
    [{ ansible_connection: 'shh' }, /web1: there is no connection 'shh', did you mean 'ssh'\?/],
    [{ ansible_port: 'ssh' }, /web1: ansible_port is 'ssh', not a number from 1 to 65535/],
    [{ ansible_port: 70000 }, /not a number from 1/],
    [{ ansible_timeout: 0 }, /ansible_timeout/],
    [{ ansible_host_key_checking: 'maybe' }, /strict or accept-new, not 'maybe'/],
    [{ ansible_ssh_common_args: 'ProxyJump=x' }, /are no options of ssh/],
    [{ ansible_ssh_common_args: "-o 'x" }, /are no options of ssh/],
  ])('%j is an error', (vars, told) => {
    expect(() => targetOf(reached(vars), request())).toThrow(told)
  })
})
