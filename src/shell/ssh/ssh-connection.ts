import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { quote } from '../../text/sh.ts'
import type { Channel, ProgramEnd } from '../channel.ts'
import { Unreachable } from '../shell.ts'
import { pipelineExec } from './pipeline-exec.ts'
import { explainDisconnect } from './ssh-errors.ts'

/** The host refuses another session on this connection: sshd allows ten by default (MaxSessions). */
export class SessionRefused extends Error {}

/** One SSH connection to a host. */
export class SshConnection {
  readonly #client: Client
  /** Undefined while the connection is open; then why it was closed. */
  closedReason: string | undefined
  /** Resolves with the reason when the connection is lost or closed. */
  readonly closed: Promise<string>

  constructor(client: Client) {
    this.#client = client
    let trouble: Error | undefined
    client.on('error', error => {
      trouble ??= error
    })
    this.closed = new Promise(resolve => {
      client.once('close', () => {
        this.closedReason = explainDisconnect(trouble)
        resolve(this.closedReason)
      })
    })
  }

  /** Starts a program. Every login shell understands `exec` followed by quoted words. */
  async start(argv: readonly string[]): Promise<Channel> {
    if (this.closedReason !== undefined) throw new Unreachable(this.closedReason)
    const stream = await pipelineExec(this.#client, `exec ${argv.map(quote).join(' ')}`).catch((error: Error) => {
      if (/open failure|open failed|administratively|resource shortage/i.test(error.message))
        throw new SessionRefused(error.message)
      throw new Unreachable(this.closedReason ?? error.message)
    })
    return this.#channel(stream)
  }

  /** Opens a TCP connection from the host to another one. */
  forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
        if (error === undefined) resolve(stream)
        else reject(error)
      })
    })
  }

  close(): void {
    this.#client.end()
    setTimeout(() => this.#client.destroy(), 500).unref()
  }

  #channel(stream: ClientChannel): Channel {
    stream.on('error', () => {}) // reported by `ended`
    let code: number | null = null
    let signal: string | undefined
    stream.on('exit', (exit: number | null, by?: string) => {
      code = exit
      signal = by
    })
    const over = new Promise<ProgramEnd>(resolve => {
      stream.once('close', () => {
        // Without an exit code the connection broke, not the program; its close event has the reason.
        if (code !== null || signal !== undefined) return resolve({ code })
        setImmediate(() => resolve({ code: null, connectionError: this.closedReason ?? explainDisconnect(undefined) }))
      })
    })
    return {
      stdin: stream,
      stdout: stream,
      stderr: stream.stderr,
      ended: Promise.race([
        over,
        this.closed.then(reason => ({ code, ...(code === null ? { connectionError: reason } : {}) })),
      ]),
      kill: () => false,
      release: () => {
        stream.resume()
        stream.stderr.resume()
        stream.close()
      },
    }
  }
}
