import { existsSync } from 'node:fs'

/** The output of `ssh -G`: lower-case keyword -> values. */
export type ResolvedConfig = ReadonlyMap<string, readonly string[]>

/** The parts of a host's ssh config that are used here. */
export interface SshSettings {
  /** The name for known_hosts, which may differ from the address. */
  readonly hostname: string
  readonly port: number
  readonly user: string
  readonly hostKeyAlias?: string
  /** Paths of existing files. */
  readonly identityFiles: readonly string[]
  readonly identitiesOnly: boolean
  /** Socket path of the agent. */
  readonly agent?: string
  readonly forwardAgent: boolean
  /** `user@host:port`, in the order of connecting. */
  readonly jumps: readonly string[]
  readonly userKnownHosts: readonly string[]
  readonly globalKnownHosts: readonly string[]
  readonly strict: string
  readonly hashKnownHosts: boolean
  readonly publicKeys: boolean
  readonly passwords: boolean
  readonly keyboard: boolean
  /** Milliseconds; 0 means the default. */
  readonly connectTimeout: number
  readonly aliveInterval: number
  readonly aliveCount: number
  readonly compression: boolean
  readonly family?: 4 | 6
  readonly localAddress?: string
  /** Algorithm names that the config allows; undefined when it does not restrict them. */
  readonly kex?: readonly string[]
  readonly ciphers?: readonly string[]
  readonly macs?: readonly string[]
  readonly hostKeyAlgorithms?: readonly string[]
}

/** The user on this machine, for `~`, `%u` and the default names. */
export interface LocalUser {
  readonly home: string
  readonly user: string
  readonly uid: number
  readonly hostname: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Settings from a resolved config. */
export function settingsOf(alias: string, config: ResolvedConfig, reader: LocalUser): SshSettings {
  const one = (name: string): string | undefined => {
    const value = config.get(name)?.[0]
    return value === undefined || value === 'none' ? undefined : value
  }
  const yes = (name: string, otherwise: boolean) => {
    const value = one(name)
    return value === undefined ? otherwise : value === 'yes' || value === 'true'
  }
  const list = (name: string) => one(name)?.split(',')
  const hostname = one('hostname') ?? alias
  const user = one('user') ?? reader.user
  const port = Number(one('port') ?? 22)
  const expand = (path: string) => expandTokens(path, { alias, hostname, user, port, reader })
  const files = (name: string) =>
    (config.get(name) ?? []).flatMap(value => value.split(' ')).filter(path => path !== 'none')
  const agent = one('identityagent') ?? 'SSH_AUTH_SOCK'
  const socket = agent === 'SSH_AUTH_SOCK' || agent === '$SSH_AUTH_SOCK' ? reader.env['SSH_AUTH_SOCK'] : expand(agent)
  const agentOff = config.get('identityagent')?.[0] === 'none'
  const family = one('addressfamily')
  return {
    hostname,
    port,
    user,
    hostKeyAlias: one('hostkeyalias'),
    identityFiles: [...new Set((config.get('identityfile') ?? []).filter(path => path !== 'none').map(expand))].filter(
      present,
    ),
    identitiesOnly: yes('identitiesonly', false),
    ...(agentOff || socket === undefined || socket === '' ? {} : { agent: socket }),
    forwardAgent: yes('forwardagent', false),
    jumps: list('proxyjump') ?? [],
    userKnownHosts: files('userknownhostsfile').map(expand),
    globalKnownHosts: files('globalknownhostsfile').map(expand),
    strict: one('stricthostkeychecking') ?? 'ask',
    hashKnownHosts: yes('hashknownhosts', false),
    publicKeys: yes('pubkeyauthentication', true),
    passwords: yes('passwordauthentication', true),
    keyboard: yes('kbdinteractiveauthentication', true),
    connectTimeout: 1000 * Number(one('connecttimeout') ?? 0),
    aliveInterval: 1000 * Number(one('serveraliveinterval') ?? 0),
    aliveCount: Number(one('serveralivecountmax') ?? 3),
    compression: yes('compression', false),
    ...(family === 'inet' ? { family: 4 } : family === 'inet6' ? { family: 6 } : {}),
    localAddress: one('bindaddress'),
    kex: list('kexalgorithms'),
    ciphers: list('ciphers'),
    macs: list('macs'),
    hostKeyAlgorithms: list('hostkeyalgorithms'),
  }
}

/** OpenSSH's defaults, for users without a config file. */
export const unconfigured = (given: ReadonlyMap<string, readonly string[]>): ResolvedConfig =>
  new Map<string, readonly string[]>([
    ['identityfile', ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk'].map(kind => `~/.ssh/id_${kind}`)],
    ['userknownhostsfile', ['~/.ssh/known_hosts ~/.ssh/known_hosts2']],
    ['globalknownhostsfile', ['/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2']],
    ...given,
  ])

const present = (path: string): boolean => existsSync(path) || existsSync(`${path}.pub`)

const expandTokens = (
  path: string,
  at: {
    readonly alias: string
    readonly hostname: string
    readonly user: string
    readonly port: number
    readonly reader: LocalUser
  },
): string => {
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: at.reader.home,
    h: at.hostname,
    i: String(at.reader.uid),
    l: at.reader.hostname,
    L: at.reader.hostname.split('.')[0] ?? '',
    n: at.alias,
    p: String(at.port),
    r: at.user,
    u: at.reader.user,
  }
  return path
    .replace(/^~(?=\/)/, at.reader.home)
    .replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole)
    .replace(/\$\{([A-Za-z_]\w*)\}/g, (whole, name: string) => at.reader.env[name] ?? whole)
}
