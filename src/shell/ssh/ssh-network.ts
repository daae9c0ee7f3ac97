import type { Duplex } from 'node:stream'
import type { HostKeyChecking, Target } from '../../model/target.ts'
import { Unreachable } from '../shell.ts'
import { dial } from './dial.ts'
import { HostKeys } from './host-keys.ts'
import { KeyRing } from './key-ring.ts'
import { KeyedSemaphore } from './keyed-semaphore.ts'
import { needsOpenssh } from './needs-openssh.ts'
import { ConfigResolver, configFile } from './resolver.ts'
import { type LocalUser, type SshSettings, settingsOf } from './settings.ts'
import { authenticate } from './sign-in.ts'
import { SshConnection } from './ssh-connection.ts'
import { ConnectionDropped, hostLabel, NeedsOpenssh } from './ssh-errors.ts'
import { SshHost } from './ssh-host.ts'

export interface NetworkOptions {
  readonly reader: LocalUser
  /** Asks the user for a passphrase or a one-time code. */
  readonly ask: (prompt: string) => Promise<string>
  readonly warn: (message: string) => void
  readonly random: (bytes: number) => Uint8Array
}

interface JumpHost {
  readonly name: string
  readonly host: SshHost
}

/** Connections being established at once, in total and to one address: sshd drops more than ten (MaxStartups). */
const MAX_STARTING = 30
const MAX_STARTING_PER_ADDRESS = 10
const ATTEMPTS = 6
const FIRST_RETRY_DELAY = 250
const TIMEOUT = 10_000

/** What the hosts of one run share: ssh config, known_hosts, keys, jump hosts, and the limit of connections being established. */
export class SshNetwork {
  readonly #options: NetworkOptions
  readonly #resolver: ConfigResolver
  readonly #keys = new HostKeys()
  readonly #ring: KeyRing
  readonly #starting = new KeyedSemaphore(MAX_STARTING, MAX_STARTING_PER_ADDRESS)
  readonly #hosts = new Map<string, Promise<SshHost>>()

  readonly #jumps = new Map<SshHost, () => void>()

  constructor(options: NetworkOptions) {
    this.#options = options
    this.#resolver = new ConfigResolver(options.reader)
    this.#ring = new KeyRing(options.ask)
  }

  /** The account to log in as; by default the local user name. */
  async userOf(target: Target): Promise<string> {
    return (await this.#settings(target)).settings.user
  }

  /** Connect timeout in milliseconds. */
  async timeoutOf(target: Target): Promise<number> {
    return target.connectTimeout ?? ((await this.#settings(target)).settings.connectTimeout || TIMEOUT)
  }

  async #settings(target: Target) {
    const config = await this.#resolver.resolve(target)
    return { config, settings: settingsOf(target.address ?? target.name, config, this.#options.reader) }
  }

  /** The host of a target. Throws `NeedsOpenssh` when its ssh config needs a feature that node-ssh lacks. */
  host(target: Target, before: readonly string[] = []): Promise<SshHost> {
    const key = JSON.stringify(target)
    if (before.includes(key)) throw new Unreachable(`${target.name}: its ProxyJump is circular`)
    const known = this.#hosts.get(key)
    if (known !== undefined) return known
    const made = this.#make(target, [...before, key])
    this.#hosts.set(key, made)
    made.catch(() => this.#hosts.delete(key))
    return made
  }

  /** Releases the jump hosts. */
  close(): void {
    for (const leave of this.#jumps.values()) leave()
    this.#jumps.clear()
  }

  async #make(target: Target, path: readonly string[]): Promise<SshHost> {
    const { config, settings } = await this.#settings(target)
    const need = needsOpenssh(config, settings, this.#options.reader)
    if (need !== undefined) throw new NeedsOpenssh(need)
    const jump = jumpOf(settings, target)
    const through = jump === undefined ? undefined : await this.host(jump, path)
    const leave = through?.acquire()
    // Hosts are closed after their batch; jump hosts stay open until the end of the run.
    if (through !== undefined && !this.#jumps.has(through)) this.#jumps.set(through, through.acquire())
    return new SshHost({
      name: target.name,
      hostname: settings.hostname,
      port: settings.port,
      connect: () =>
        this.#connect(
          target,
          settings,
          through === undefined ? undefined : { name: jump?.address ?? '', host: through },
        ),
      gone: () => {
        this.#hosts.delete(JSON.stringify(target))
        leave?.()
      },
    })
  }

  async #connect(target: Target, settings: SshSettings, through: JumpHost | undefined): Promise<SshConnection> {
    const { random } = this.#options
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(target, settings, through)
      } catch (error) {
        if (!(error instanceof ConnectionDropped) || attempt === ATTEMPTS) throw error
        // Random jitter: connections that were dropped together must not retry together.
        const spread = 0.5 + (random(1)[0] ?? 0) / 256
        await new Promise(resolve => setTimeout(resolve, FIRST_RETRY_DELAY * 2 ** (attempt - 1) * spread))
      }
    }
  }

  async #attempt(target: Target, settings: SshSettings, through: JumpHost | undefined): Promise<SshConnection> {
    const place = hostLabel(target.name, settings)
    const timeout = target.connectTimeout ?? (settings.connectTimeout || TIMEOUT)
    const { offered, locked, notes } = await this.#ring.identities(settings, target.privateKeyFile)
    const login = async (identities: typeof offered, more: readonly string[]): Promise<SshConnection> =>
      await this.#starting.run(`${settings.hostname}:${settings.port}`, async () => {
        const socket =
          through === undefined
            ? await dial(settings, place, timeout)
            : await forwardThrough(settings, { place, timeout, through })
        const client = await authenticate(socket, {
          place,
          settings,
          timeout,
          keys: this.#keys,
          checking: checkingOf(target, settings),
          credentials: {
            user: settings.user,
            identities,
            settings,
            ask: prompt => this.#options.ask(`${settings.user}@${place} asks '${prompt}'`),
            ...(target.password === undefined ? {} : { password: target.password }),
          },
          warn: this.#options.warn,
          notes: more,
        })
        return new SshConnection(client)
      })
    if (locked.length === 0) return await login(offered, notes)
    try {
      return await login(offered, notes)
    } catch (error) {
      // Ask for passphrases only when the host accepted no other method.
      if (!(error instanceof Unreachable) || !/does not let/.test(error.message)) throw error
      const opened = await Promise.all(locked.map(async path => [path, await this.#ring.unlock(path)] as const))
      const again = await this.#ring.identities(settings, target.privateKeyFile)
      const reasons = opened.flatMap(([, file]) => ('why' in file ? [file.why] : []))
      if (again.offered.length === offered.length) throw new Unreachable(`${error.message}; ${reasons.join('; ')}`)
      return await login(again.offered, [...notes, ...reasons])
    }
  }
}

const checkingOf = (target: Target, settings: SshSettings): HostKeyChecking =>
  target.hostKeyChecking ?? (['accept-new', 'no', 'off', 'false'].includes(settings.strict) ? 'accept-new' : 'strict')

/** The last jump host. With `ssh -J a,b`, b is reached through a, and each has its own ssh config. */
const jumpOf = (settings: SshSettings, target: Target): Target | undefined => {
  const jump = settings.jumps.at(-1)
  if (jump === undefined) return undefined
  const found = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[(.+)\]|([^:[\]]+))(?::(\d+))?$/.exec(jump)
  if (found === null) throw new Unreachable(`${target.name}: ProxyJump '${jump}' is not USER@HOST:PORT`)
  const [, user, bracketed, plain = '', port] = found
  const address = bracketed ?? plain
  const before = settings.jumps.slice(0, -1)
  return {
    name: address,
    connection: 'ssh',
    address,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(target.connectTimeout === undefined ? {} : { connectTimeout: target.connectTimeout }),
    ...(target.hostKeyChecking === undefined ? {} : { hostKeyChecking: target.hostKeyChecking }),
    sshArgs: [
      ...configFile(target.sshArgs ?? []),
      ...(before.length === 0 ? [] : ['-o', `ProxyJump=${before.join(',')}`]),
    ],
  }
}

const forwardThrough = async (
  settings: SshSettings,
  { place, timeout, through }: { readonly place: string; readonly timeout: number; readonly through: JumpHost },
): Promise<Duplex> => {
  const stream = through.host.forward(settings.hostname, settings.port)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), timeout)
  })
  try {
    const reached = await Promise.race([stream, late])
    if (reached !== undefined) return reached
    stream.then(open => open.destroy()).catch(() => {})
    throw new Error(`no answer within ${timeout / 1000} s (--timeout, ansible_timeout)`)
  } catch (error) {
    if (error instanceof Unreachable)
      throw new Unreachable(`cannot reach ${place}: its jump host fails: ${error.message}`)
    const said = (error as Error).message.replace(/^\(SSH\) Channel open failure: /, '')
    throw new Unreachable(`cannot reach ${place} from the jump host ${through.name}: ${said}`)
  } finally {
    clearTimeout(timer)
  }
}
