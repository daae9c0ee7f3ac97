import type { Duplex } from 'node:stream'
import type { Channel } from '../channel.ts'
import { Unreachable } from '../shell.ts'
import { SessionRefused, type SshConnection } from './ssh-connection.ts'
import { hostLabel } from './ssh-errors.ts'

interface ConnectionSlot {
  readonly connection: Promise<SshConnection>
  sessions: number
  /** Number of sessions that the host allows on one connection, as far as known. */
  maxSessions: number
}

/** Below sshd's default MaxSessions of 10. */
const MAX_SESSIONS = 8

/** The connections to one host: usually one, more when sshd allows few sessions on each. */
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
    /** Called after the last user has released it. */
    readonly gone: () => void
  }) {
    this.#place = hostLabel(at.name, at)
    this.#connect = at.connect
    this.#onRelease = at.gone
  }

  /** Registers a user. Call the returned function to release it; the last one closes the connections. */
  acquire(): () => void {
    this.#users++
    let used = true
    return () => {
      if (!used) return
      used = false
      if (--this.#users > 0) return
      this.#onRelease()
      for (const { connection } of this.#slots) connection.then(open => open.close()).catch(() => {})
      this.#slots = []
    }
  }

  async start(argv: readonly string[]): Promise<Channel> {
    for (;;) {
      const slot = this.#slot()
      const connection = await slot.connection
      try {
        const channel = await connection.start(argv)
        void channel.ended.then(() => slot.sessions--)
        return channel
      } catch (error) {
        slot.sessions--
        if (!(error instanceof SessionRefused))
          throw new Unreachable(`lost the connection to ${this.#place}: ${(error as Error).message}`)
        if (slot.sessions === 0)
          throw new Unreachable(
            `${this.#place} opens no session (${error.message}): MaxSessions in its sshd_config may be 0`,
          )
        slot.maxSessions = slot.sessions
      }
    }
  }

  /** Opens a TCP connection through this host to another one. */
  async forward(host: string, port: number): Promise<Duplex> {
    // Forwards do not count as sessions, so any connection can be used.
    const { connection } = this.#slots[0] ?? this.#addConnection()
    return await (await connection).forward(host, port)
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
    slot.connection.then(connection => void connection.closed.then(drop), drop)
    return slot
  }
}
