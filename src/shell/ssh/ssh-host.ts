import type { Duplex } from 'node:stream'
import type { Channel } from '../channel.ts'
import { Unreachable } from '../shell.ts'
import { type Link, NoSession } from './ssh-connection.ts'
import { placeOf } from './ssh-errors.ts'

interface Slot {
  readonly link: Promise<Link>
  sessions: number
  /** How many sessions the host allows on one connection, as far as it is known. */
  most: number
}

/** Below sshd's stock MaxSessions of 10. */
const SESSIONS = 8

/** All connections to one host: one as a rule; more when it allows few sessions on each. */
export class SshHost {
  readonly #place: string
  readonly #connect: () => Promise<Link>
  readonly #gone: () => void
  #slots: Slot[] = []
  #users = 0

  constructor(at: {
    readonly name: string
    readonly hostname: string
    readonly port: number
    readonly connect: () => Promise<Link>
    /** Called when nobody uses it any more. */
    readonly gone: () => void
  }) {
    this.#place = placeOf(at.name, at)
    this.#connect = at.connect
    this.#gone = at.gone
  }

  /** Someone will use it; what comes back is called when that is over, and closes the connections after the last. */
  use(): () => void {
    this.#users++
    let used = true
    return () => {
      if (!used) return
      used = false
      if (--this.#users > 0) return
      this.#gone()
      for (const { link } of this.#slots) link.then(open => open.close()).catch(() => {})
      this.#slots = []
    }
  }

  async start(argv: readonly string[]): Promise<Channel> {
    for (;;) {
      const slot = this.#slot()
      const link = await slot.link
      try {
        const channel = await link.start(argv)
        void channel.ended.then(() => slot.sessions--)
        return channel
      } catch (error) {
        slot.sessions--
        if (!(error instanceof NoSession)) throw new Unreachable(`lost ${this.#place}: ${(error as Error).message}`)
        if (slot.sessions === 0)
          throw new Unreachable(
            `${this.#place} opens no session (${error.message}): MaxSessions in its sshd_config may be 0`,
          )
        slot.most = slot.sessions
      }
    }
  }

  /** A way through this host to another one. */
  async forward(host: string, port: number): Promise<Duplex> {
    // sshd counts no sessions here: any connection will do.
    const { link } = this.#slots[0] ?? this.#another()
    return await (await link).forward(host, port)
  }

  #slot(): Slot {
    const slot = this.#slots.find(one => one.sessions < one.most) ?? this.#another()
    slot.sessions++
    return slot
  }

  #another(): Slot {
    const slot: Slot = { link: this.#connect(), sessions: 0, most: SESSIONS }
    this.#slots.push(slot)
    const drop = () => {
      this.#slots = this.#slots.filter(one => one !== slot)
    }
    slot.link.then(link => void link.closed.then(drop), drop)
    return slot
  }
}
