import type { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { quote } from '../../text/sh.ts'
import type { Channel, ProgramEnd } from '../channel.ts'
import { Unreachable } from '../shell.ts'
import { pipelineExec } from './pipeline-exec.ts'
import { explainDisconnect } from './ssh-errors.ts'

/** The host opens no further session on this connection: stock sshd allows ten (MaxSessions). */
export class SessionRefused extends Error {}

/** One SSH connection to a host. */
export class SshConnection {
  readonly #client: Client
  /** Nothing while it stands; then why it was lost. */
  closedReason: string | undefined
  /** Comes true, with the reason, when it is lost or closed. */
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

  /** Whatever the account's login shell is, `exec` is its own word and the rest are plain words to it. */
  async start(argv: readonly string[]): Promise<Channel> {
    if (this.closedReason !== undefined) throw new Unreachable(this.closedReason)
    const stream = await pipelineExec(this.#client, `exec ${argv.map(quote).join(' ')}`).catch((error: Error) => {
      if (/open failure|open failed|administratively|resource shortage/i.test(error.message))
        throw new SessionRefused(error.message)
      throw new Unreachable(this.closedReason ?? error.message)
    })
    return this.#channel(stream)
  }

  /** A TCP connection from there to somewhere else. */
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
    stream.on('error', () => {}) // shows as its end
    let code: number | null = null
    let signal: string | undefined
    stream.on('exit', (exit: number | null, by?: string) => {
      code = exit
      signal = by
    })
    const over = new Promise<ProgramEnd>(resolve => {
      stream.once('close', () => {
        // Without an exit code the program did not end: the way to it did. The connection's own end says why.
        if (code !== null || signal !== undefined) return resolve({ code })
        setImmediate(() => resolve({ code: null, connectionError: this.closedReason ?? explainDisconnect(undefined) }))
      })
    })
    return {
      stdin: stream,
      stdout: stream,
      stderr: stream.stderr,
      ended: Promise.race([over, this.closed.then(lost => ({ code, ...(code === null ? { lost } : {}) }))]),
      kill: () => false,
      release: () => {
        stream.resume()
        stream.stderr.resume()
        stream.close()
      },
    }
  }
}
