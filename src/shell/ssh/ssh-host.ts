import type { Duplex } from 'node:stream'
import type { Channel } from '../channel.ts'
import { Unreachable } from '../shell.ts'
import { SessionRefused, type SshConnection } from './ssh-connection.ts'
import { hostLabel } from './ssh-errors.ts'

interface ConnectionSlot {
  readonly connection: Promise<SshConnection>
  sessions: number
  /** How many sessions the host allows on one connection, as far as it is known. */
  maxSessions: number
}

/** Below sshd's stock MaxSessions of 10. */
const MAX_SESSIONS = 8

/** All connections to one host: one as a rule; more when it allows few sessions on each. */
export class SshHost {
  readonly #place: string
  readonly #connect: () => Promise<SshConnection>
  readonly #onRelease: () => void
  #slots: ConnectionSlot[] = []
  #users = 0

  constructor(at: {
    readonly name: string
    readonly hostname: string
    readonly port: number
    readonly connect: () => Promise<SshConnection>
    /** Called when nobody uses it any more. */
    readonly gone: () => void
  }) {
    this.#place = hostLabel(at.name, at)
    this.#connect = at.connect
    this.#onRelease = at.gone
  }

  /** Someone will use it; what comes back is called when that is over, and closes the connections after the last. */
  acquire(): () => void {
    this.#users++
    let used = true
    return () => {
      if (!used) return
      used = false
      if (--this.#users > 0) return
      this.#onRelease()
      for (const { connection: link } of this.#slots) link.then(open => open.close()).catch(() => {})
      this.#slots = []
    }
  }

  async start(argv: readonly string[]): Promise<Channel> {
    for (;;) {
      const slot = this.#slot()
      const link = await slot.connection
      try {
        const channel = await link.start(argv)
        void channel.ended.then(() => slot.sessions--)
        return channel
      } catch (error) {
        slot.sessions--
        if (!(error instanceof SessionRefused))
          throw new Unreachable(`lost ${this.#place}: ${(error as Error).message}`)
        if (slot.sessions === 0)
          throw new Unreachable(
            `${this.#place} opens no session (${error.message}): MaxSessions in its sshd_config may be 0`,
          )
        slot.maxSessions = slot.sessions
      }
    }
  }

  /** A way through this host to another one. */
  async forward(host: string, port: number): Promise<Duplex> {
    // sshd counts no sessions here: any connection will do.
    const { connection: link } = this.#slots[0] ?? this.#addConnection()
    return await (await link).forward(host, port)
  }

  #slot(): ConnectionSlot {
    const slot = this.#slots.find(one => one.sessions < one.maxSessions) ?? this.#addConnection()
    slot.sessions++
    return slot
  }

  #addConnection(): ConnectionSlot {
    const slot: ConnectionSlot = { connection: this.#connect(), sessions: 0, maxSessions: MAX_SESSIONS }
    this.#slots.push(slot)
    const drop = () => {
      this.#slots = this.#slots.filter(one => one !== slot)
    }
    slot.connection.then(link => void link.closed.then(drop), drop)
    return slot
  }
}
