import { hostname, userInfo } from 'node:os'
import type { Target } from '../model/target.ts'
import type { BecomeOptions } from './become.ts'
import type { Start } from './channel.ts'
import { whenResourcesAllow } from './descriptors.ts'
import { FramedShell } from './framed-shell.ts'
import type { Shell } from './shell.ts'
import { spawnProgram } from './spawned.ts'
import type { Transport } from './ssh/open-transport.ts'
import type { SshNetwork } from './ssh/ssh-network.ts'

export interface SessionFactoryOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly random: (bytes: number) => Uint8Array
  /** Asks the user for a passphrase or a one-time code. */
  readonly ask: (prompt: string) => Promise<string>
  readonly warn: (message: string) => void
}

/**
 * Opens the shells of one run, and holds what hosts share: jump hosts, keys, known_hosts. The ssh modules are loaded when the
 * first host needs them.
 */
export class SessionFactory {
  readonly #options: SessionFactoryOptions
  #network: Promise<SshNetwork> | undefined

  constructor(options: SessionFactoryOptions) {
    this.#options = options
  }

  /** A shell on the target, as the login account or, with `become`, as another. Lazy: nothing is started until the first script. */
  open(target: Target, become?: BecomeOptions): Shell {
    const { start, close } = this.#transport(target)
    return new FramedShell({
      host: target.name,
      start,
      ...(become === undefined ? {} : { become }),
      ...(close === undefined ? {} : { close }),
    })
  }

  /** The account that logs in; undefined when only the host knows it. */
  async userOf(target: Target): Promise<string | undefined> {
    if (target.connection === 'local') {
      const { username, uid } = userInfo()
      return uid === 0 ? 'root' : username
    }
    if (target.user !== undefined) return target.user
    if (target.connection === 'nspawn') return 'root'
    if (target.connection === 'docker' || target.connection === 'podman') return undefined
    return await (await this.#ssh()).userOf(target)
  }

  /** Closes the shared connections, after all shells were closed. */
  async close(): Promise<void> {
    const network = await this.#network
    network?.close()
  }

  #transport(target: Target): { readonly start: Start; readonly close?: () => Promise<void> } {
    const { env } = this.#options
    switch (target.connection) {
      case 'local':
        return { start: argv => whenResourcesAllow(() => spawnProgram(argv, { env, cwd: '/', ownLocale: true })) }
      case 'ssh':
        return this.#overSsh(target)
      case 'openssh':
        return {
          start: async argv => {
            const connectTimeout = await (await this.#ssh()).timeoutOf(target)
            return (await import('./openssh.ts')).startByOpenssh({ ...target, connectTimeout }, argv, { env })
          },
        }
      default:
        return { start: async argv => (await import('./container.ts')).startInContainer(target, argv, { env }) }
    }
  }

  #overSsh(target: Target): { readonly start: Start; readonly close: () => Promise<void> } {
    let transport: Promise<Transport> | undefined
    return {
      start: async argv => {
        transport ??= this.#openTransport(target)
        transport.catch(() => {
          transport = undefined
        })
        return await (await transport).start(argv)
      },
      close: async () => {
        const open = transport
        transport = undefined
        await open?.then(({ release }) => release()).catch(() => {})
      },
    }
  }

  async #openTransport(target: Target): Promise<Transport> {
    const { openTransport: reach } = await import('./ssh/open-transport.ts')
    return await reach(await this.#ssh(), target, this.#options.env)
  }

  #ssh(): Promise<SshNetwork> {
    const { env, ask, warn, random } = this.#options
    this.#network ??= import('./ssh/ssh-network.ts').then(({ SshNetwork: Network }) => {
      const { homedir, username, uid } = userInfo()
      const reader = { home: homedir, user: username, uid, hostname: hostname(), env }
      return new Network({ reader, ask, warn, random })
    })
    return this.#network
  }
}
