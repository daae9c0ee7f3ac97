import { resolve } from 'node:path'
import { Fault } from '../model/fault.ts'
import type { Host } from '../model/inventory.ts'
import type { Play } from '../model/playbook.ts'
import { type Connection, connections, type HostKeyChecking, type Target } from '../model/target.ts'
import type { Scope, TemplateOptions } from '../template/template.ts'
import { solid } from '../template/values.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { splitShellWords } from '../text/split-shell-words.ts'
import { renderDeep } from './render.ts'

/** A host as seen from one play: its variables say how it is reached. */
export interface ConnectionSource {
  readonly host: Host
  readonly scope: Scope
  readonly play: Pick<Play, 'connection' | 'remote_user' | 'port'>
  readonly template: TemplateOptions
}

/** What the command line says of connections. A host's own variables count more. */
export interface ConnectionOptions {
  /** As `ansible_connection`. */
  readonly kind?: string
  readonly loginPassword?: string
  readonly becomePassword?: string
  /** Seconds until a host that does not answer is given up. */
  readonly timeout?: number
  readonly hostKeyChecking?: HostKeyChecking
  /** Options for ssh, as one would type them. */
  readonly sshArgs?: string
}

interface ConnectionRequest {
  readonly connection?: ConnectionOptions
  readonly remoteUser?: string
  readonly privateKey?: string
  readonly environment: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string }
}

/**
 * How a host is reached. Its variables count most, then the play's keywords, then the command line, and last the ssh
 * config, which the shell itself reads: Ansible's order.
 */
export function targetOf(at: ConnectionSource, request: ConnectionRequest): Target {
  const { host, play } = at
  const { connection: options = {}, environment } = request
  const variable = (...names: readonly string[]) => variableOf(at.scope, names)
  const keyword = (value: unknown) => given(renderDeep(value, at.scope, at.template))
  const address = variable('ansible_host', 'ansible_ssh_host')
  const port = variable('ansible_port', 'ansible_ssh_port') ?? keyword(play.port)
  const user = variable('ansible_user', 'ansible_ssh_user') ?? keyword(play.remote_user) ?? request.remoteUser
  const password = variable('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? options.loginPassword
  const key = variable('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? request.privateKey
  const seconds = variable('ansible_timeout', 'ansible_ssh_timeout') ?? options.timeout
  const checking = variable('ansible_host_key_checking', 'ansible_ssh_host_key_checking') ?? options.hostKeyChecking
  const args = ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].map(name => variable(name))
  const sshArgs = [options.sshArgs, ...args].flatMap(text => argsOf(text, host.name))
  return {
    name: host.name,
    connection: connectionOf(
      variable('ansible_connection') ?? keyword(play.connection) ?? options.kind,
      // The implicit localhost, and one in an inventory that says nothing else, is this machine.
      { host: host.name, local: host.name === 'localhost' && address === undefined },
    ),
    ...(address === undefined ? {} : { address: String(address) }),
    ...(port === undefined ? {} : { port: numberOf(port, { what: 'ansible_port', host: host.name, most: 65_535 }) }),
    ...(user === undefined ? {} : { user: String(user) }),
    ...(password === undefined ? {} : { password: String(password) }),
    ...(key === undefined ? {} : { privateKeyFile: pathOf(String(key), environment) }),
    ...(seconds === undefined
      ? {}
      : { connectTimeout: 1000 * numberOf(seconds, { what: 'ansible_timeout', host: host.name, most: 86_400 }) }),
    ...(checking === undefined ? {} : { hostKeyChecking: checkingOf(checking, host.name) }),
    ...(sshArgs.length === 0 ? {} : { sshArgs }),
  }
}

/** The first of these variables that says something. */
export const variableOf = (scope: Scope, names: readonly string[]): unknown =>
  names.map(name => (scope.has(name) ? given(solid(scope.get(name))) : undefined)).find(value => value !== undefined)

const given = (value: unknown): unknown => (value === null || value === '' ? undefined : value)

// Ansible's own names for what is here under another.
const alsoCalled: Readonly<Record<string, Connection>> = { smart: 'ssh', paramiko: 'ssh', paramiko_ssh: 'ssh' }

const connectionOf = (wish: unknown, at: { readonly host: string; readonly local: boolean }): Connection => {
  if (wish === undefined) return at.local ? 'local' : 'ssh'
  const name = String(wish).split('.').at(-1) ?? ''
  const found = connections.find(one => one === name) ?? alsoCalled[name]
  if (found !== undefined) return found
  throw new Fault('connection', `${at.host}: there is no connection '${wish}'${didYouMean(name, connections)}`, {
    hint: `ansible_connection is one of ${connections.join(', ')}`,
  })
}

const numberOf = (
  value: unknown,
  at: { readonly what: string; readonly host: string; readonly most: number },
): number => {
  const number = Number(value)
  if (Number.isInteger(number) && number >= 1 && number <= at.most) return number
  throw new Fault('connection', `${at.host}: ${at.what} is '${value}', not a number from 1 to ${at.most}`)
}

const checkingOf = (value: unknown, host: string): HostKeyChecking => {
  const text = String(value).toLowerCase()
  if (['strict', 'true', 'yes', '1'].includes(text)) return 'strict'
  // There is no way to take any key: a changed one is refused in every case.
  if (['accept-new', 'accept_new', 'false', 'no', '0'].includes(text)) return 'accept-new'
  throw new Fault('connection', `${host}: ansible_host_key_checking is strict or accept-new, not '${value}'`)
}

const pathOf = (path: string, { env, cwd }: ConnectionRequest['environment']): string =>
  path.startsWith('~/') ? resolve(env['HOME'] ?? '/', path.slice(2)) : resolve(cwd, path)

const argsOf = (text: unknown, host: string): readonly string[] => {
  if (text === undefined) return []
  const args = splitShellWords(String(text))
  if (args === undefined || args[0]?.startsWith('-') === false)
    throw new Fault('connection', `${host}: '${text}' are no options of ssh`, {
      hint: 'for example: -o ProxyJump=bastion',
    })
  return args
}
