import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Target } from '../../model/target.ts'
import { Unreachable } from '../shell.ts'
import { type ConfigLine, configLines, matchesAllHosts } from './config-lines.ts'
import { KeyedSemaphore } from './keyed-semaphore.ts'
import { isPlainConfig, keywordsSet, NO_HOST, overlay } from './overlay.ts'
import { matchesList } from './patterns.ts'
import { type LocalUser, type ResolvedConfig, unconfigured } from './settings.ts'

/** Options that do not change what is read from `ssh -G`. */
const plainOptions = new Set([
  'sendenv',
  'setenv',
  'hashknownhosts',
  'gssapiauthentication',
  'loglevel',
  'visualhostkey',
])
const AT_ONCE = 4

/**
 * Resolves a host's ssh config with OpenSSH itself (`ssh -G`). A process for each of a thousand hosts would take longer than
 * connecting to them, so: without a config file none is started; when `Host` blocks only set simple keywords, one answer
 * serves all hosts; otherwise hosts that match the same `Host` lines share one. With `Match` or `%` each host has its own.
 */
export class ConfigResolver {
  readonly #reader: LocalUser
  readonly #gate = new KeyedSemaphore(AT_ONCE, AT_ONCE)
  readonly #answers = new Map<string, Promise<ResolvedConfig>>()
  readonly #lines = new Map<string, readonly ConfigLine[]>()
  /** Number of processes started. */
  asked = 0

  constructor(reader: LocalUser) {
    this.#reader = reader
  }

  async resolve(target: Target): Promise<ResolvedConfig> {
    const alias = target.address ?? target.name
    const args = [
      ...(target.port === undefined ? [] : ['-p', String(target.port)]),
      ...(target.user === undefined ? [] : ['-l', target.user]),
      ...(target.privateKeyFile === undefined ? [] : ['-o', `IdentityFile="${target.privateKeyFile}"`]),
      ...(target.sshArgs ?? []), // the first value wins
    ]
    const lines = this.#configured(target.sshArgs ?? [])
    if ((target.sshArgs ?? []).length === 0 && lines.every(isPlain)) return withoutAsking(target, lines)
    const set = keywordsSet(target.sshArgs ?? [])
    if (set !== undefined && isPlainConfig(lines)) {
      const base = await this.#once(NO_HOST, { args: target.sshArgs ?? [], group: 'anyone' })
      const config = overlay(base, lines, { alias, set })
      const defaults = config.get('identityfile') === base.get('identityfile')
      return withTarget(target, defaults ? withoutKeys(target, config) : config)
    }
    const config = await this.#once(alias, { args, group: groupOf(alias, lines) })
    // Without HostName the answer contains the name of the host that was asked about.
    const asked = config.get('host')?.[0] ?? alias
    return config.get('hostname')?.[0] === asked.toLowerCase() || config.get('hostname')?.[0] === asked
      ? new Map([...config, ['host', [alias]], ['hostname', [alias]]])
      : config
  }

  #once(alias: string, { args, group }: { readonly args: readonly string[]; readonly group: string }) {
    const key = JSON.stringify([args, group])
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const answer = this.#gate.run('', () => this.#ask(alias, args))
    this.#answers.set(key, answer)
    return answer
  }

  #configured(args: readonly string[]): readonly ConfigLine[] {
    const [flag, path] = configFile(args)
    const own = flag === undefined ? undefined : flag.slice(2) || path
    const key = own ?? ''
    const known = this.#lines.get(key)
    if (known !== undefined) return known
    const { home } = this.#reader
    const read = own === undefined ? [join(home, '.ssh/config'), '/etc/ssh/ssh_config'] : own === 'none' ? [] : [own]
    const lines = read.flatMap(path => configLines(path, home))
    this.#lines.set(key, lines)
    return lines
  }

  #ask(alias: string, args: readonly string[]): Promise<ResolvedConfig> {
    this.asked++
    return new Promise((resolve, reject) => {
      execFile(
        'ssh',
        [...args, '-G', '--', alias],
        { env: { ...this.#reader.env, LC_ALL: 'C' } },
        (error, stdout, stderr) => {
          if (error === null) return resolve(parse(stdout))
          const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
          reject(
            new Unreachable(
              missing
                ? `${alias} has an ssh config, and the program ssh, which reads it, is not installed here: install openssh-client`
                : `the ssh config${alias === NO_HOST ? '' : ` for ${alias}`} cannot be used: ${stderr.trim().split('\n').slice(-2).join('; ')}`,
            ),
          )
        },
      )
    })
  }
}

/** The `-F FILE` among ssh options. */
export const configFile = (args: readonly string[]): readonly string[] => {
  const at = args.findLastIndex(arg => arg.startsWith('-F'))
  return at < 0 ? [] : args.slice(at, args[at] === '-F' ? at + 2 : at + 1)
}

const isPlain = (line: ConfigLine): boolean => plainOptions.has(line.keyword) || matchesAllHosts(line)

const withoutAsking = (target: Target, lines: readonly ConfigLine[]): ResolvedConfig => {
  const given = new Map<string, readonly string[]>()
  for (const { keyword, words } of lines) if (keyword !== 'host' && !given.has(keyword)) given.set(keyword, words)
  return withTarget(target, withoutKeys(target, unconfigured(given)))
}

// When a key file is named, the default ones are not tried.
const withoutKeys = (target: Target, config: ResolvedConfig): ResolvedConfig =>
  target.privateKeyFile === undefined ? config : new Map([...config, ['identityfile', []]])

const withTarget = (target: Target, config: ResolvedConfig): ResolvedConfig => {
  const { port, user, privateKeyFile: key } = target
  return new Map([
    ...config,
    ...(port === undefined ? [] : [['port', [String(port)]] as const]),
    ...(user === undefined ? [] : [['user', [user]] as const]),
    ...(key === undefined ? [] : [['identityfile', [key, ...(config.get('identityfile') ?? [])]] as const]),
  ])
}

/** The `Host` lines that match an alias: hosts with the same lines have the same config. */
const groupOf = (alias: string, lines: readonly ConfigLine[]): string => {
  const own = lines.some(
    ({ keyword, words }) =>
      (keyword === 'match' && words.join(' ').toLowerCase() !== 'all') ||
      (keyword === 'canonicalizehostname' && words[0] !== 'no') ||
      (keyword !== 'host' && words.some(word => word.includes('%'))),
  )
  if (own) return alias
  return lines
    .filter(({ keyword }) => keyword === 'host')
    .map(({ words }) => (matchesList(words, alias) ? 'y' : 'n'))
    .join('')
}

const parse = (text: string): ResolvedConfig => {
  const config = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const cut = line.indexOf(' ')
    if (cut < 1) continue
    const keyword = line.slice(0, cut).toLowerCase()
    const values = config.get(keyword) ?? []
    values.push(line.slice(cut + 1))
    config.set(keyword, values)
  }
  return config
}
