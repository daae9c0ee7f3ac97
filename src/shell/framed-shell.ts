import { randomBytes } from 'node:crypto'
import { sh } from '../text/sh.ts'
import { type BecomeOptions, becomeArgv, explainBecome, neverAsks, wantsPassword } from './become.ts'
import type { Channel, Start } from './channel.ts'
import { exchange, type FrameResult } from './exchange.ts'
import { encodeFrame, INLINE_PAYLOAD, NOT_RUN, payloadName, preamble, TIMED_OUT } from './frame.ts'
import { handshake } from './handshake.ts'
import { killScript } from './kill-script.ts'
import type { FramePart } from './shell.ts'
import { BecomeFailed, type Output, type ScriptOptions, type Shell, Unreachable } from './shell.ts'
import { uploadCommand, uploadedPath } from './upload.ts'

export interface FramedShellOptions {
  /** Name of the host in messages. */
  readonly host: string
  readonly start: Start
  /** The argv of the shell, `['/bin/sh']` by default; tests use others. */
  readonly shell?: readonly string[]
  readonly become?: BecomeOptions
  /** Called by `close`: closes the transport that `start` uses. */
  readonly close?: () => Promise<void>
}

interface Session {
  readonly channel: Channel
  /** Pid of the shell on its host; undefined until the first answer. */
  pid?: number
  /** Prefix of its payload files. */
  readonly payloadPrefix: string
  /** The trap that removes payload files is set. */
  removesPayloads: boolean
}

/** Milliseconds for a shell to start, with slow login scripts and a slow sudo. */
const START_TIMEOUT = 60_000
/** Milliseconds to wait for a kill after a timeout. */
const KILL_TIMEOUT = 10_000
/** Milliseconds to wait for a kill when the user interrupted the run and waits. */
const CANCEL_TIMEOUT = 2000
const CLOSE_TIMEOUT = 500

const nonce = (): string => randomBytes(12).toString('hex')

/** A long-lived shell over any transport that can start a program. It runs one frame at a time. */
export class FramedShell implements Shell {
  readonly #options: FramedShellOptions
  #session: Session | undefined
  #retired: Channel[] = []
  #queue: Promise<unknown> = Promise.resolve()
  /** sudo or doas needs a password, as a first attempt without one has shown. */
  #passwordNeeded = false
  roundTrips = 0

  constructor(options: FramedShellOptions) {
    this.#options = options
  }

  async run(script: FramePart['script'], limits: ScriptOptions = {}): Promise<Output> {
    const [output] = await this.runAll([{ script, payload: limits.payload }], limits)
    if (output === undefined) throw new Unreachable(`the shell on ${this.#options.host} did not answer`)
    return output
  }

  runAll(parts: readonly FramePart[], limits: ScriptOptions = {}): Promise<readonly Output[]> {
    const turn = this.#queue.then(() => (parts.length === 0 ? [] : this.#frame(parts, limits)))
    this.#queue = turn.catch(() => {})
    return turn
  }

  async close(): Promise<void> {
    const open = this.#session
    this.#session = undefined
    if (open !== undefined) {
      open.channel.stdin.end()
      await withTimeout(CLOSE_TIMEOUT, open.channel.ended)
      open.channel.release()
    }
    for (const channel of this.#retired.splice(0)) {
      channel.stdin.end()
      channel.release()
    }
    await this.#options.close?.()
  }

  async #frame(parts: readonly FramePart[], limits: ScriptOptions): Promise<readonly Output[]> {
    const session = this.#session ?? (await this.#openSession(limits))
    if (session === undefined) return parts.map(() => notStarted)
    const big = parts.some(part => part.payload !== undefined && part.payload.length > INLINE_PAYLOAD)
    // A large payload goes through a second program: open the main shell first, so that become and clean-up are settled.
    if (big && !session.removesPayloads) {
      await this.#frame([{ script: sh`:`, payload: new Uint8Array() }], limits)
      return await this.#frame(parts, limits)
    }
    const mark = nonce()
    const { payloadPrefix } = session
    const { ready, stored } = await this.#uploadPayloads(parts, payloadPrefix)
    const sweep = !session.removesPayloads && parts.some(part => part.payload !== undefined)
    session.removesPayloads ||= sweep
    const fresh = session.pid === undefined
    this.roundTrips++
    const answer = await exchange(session.channel, {
      mark,
      parts: parts.length + (fresh ? 1 : 0),
      frame: Buffer.concat([
        ...(fresh ? [preamble(mark)] : []),
        encodeFrame(ready, { nonce: mark, payloads: payloadPrefix, stored, sweep }),
      ]),
      timeout: limits.timeout,
      partTimeouts: [...(fresh ? [undefined] : []), ...parts.map(part => part.timeout)],
      signal: limits.signal,
      ...(fresh ? { startTimeout: START_TIMEOUT } : {}),
    })
    return await this.#outputsOf(answer, { session, fresh, parts, limits })
  }

  async #outputsOf(
    answer: FrameResult,
    asked: {
      readonly session: Session
      readonly fresh: boolean
      readonly parts: readonly FramePart[]
      readonly limits: ScriptOptions
    },
  ): Promise<readonly Output[]> {
    const { session, fresh } = asked
    const { host, become } = this.#options
    // The pid to kill later is taken only from the first mark of a new shell, which the shell itself printed.
    if (fresh) session.pid = answer.outputs[0]?.code
    if (answer.kind === 'whole') {
      const first = fresh ? 1 : 0
      const outputs = answer.outputs.slice(first)
      return answer.held === undefined
        ? outputs
        : this.#retire(session, { outputs, held: answer.held - first, parts: asked.parts })
    }
    this.#session = undefined
    if (answer.kind === 'cut') {
      const cancelled = asked.limits.signal?.aborted === true
      const killed = await withTimeout(cancelled ? CANCEL_TIMEOUT : KILL_TIMEOUT, this.#kill(session, asked.parts))
      const missing = cancelled
        ? answer.missing.map(part => ({
            ...part,
            cancelled: killed === true ? ('ended' as const) : ('unsure' as const),
          }))
        : answer.missing
      return [...answer.outputs, ...missing].slice(fresh ? 1 : 0)
    }
    session.channel.release()
    if (answer.end.connectionError !== undefined)
      throw new Unreachable(
        `${session.pid === undefined ? 'cannot reach' : 'lost the connection to'} ${host}: ${answer.end.connectionError}`,
      )
    if (session.pid !== undefined)
      throw new Unreachable(
        `the shell on ${host} ended by itself${answer.said === '' ? '' : `: ${answer.said.slice(-300)}`}`,
      )
    if (become === undefined)
      throw new Unreachable(
        `no shell on ${host}: it ended at once with code ${answer.end.code}${answer.said === '' ? '' : `: ${answer.said.slice(-300)}`}`,
      )
    if (this.#passwordNeeded || !wantsPassword(become, answer.said))
      throw new BecomeFailed(explainBecome(become, answer.said, host))
    this.#passwordNeeded = true
    this.roundTrips--
    return await this.#frame(asked.parts, asked.limits)
  }

  /**
   * A command left a process that can write to this shell's streams: the next frame uses a new shell, and outputs after
   * the command are discarded. The old streams stay open, so that the process is not killed by SIGPIPE.
   */
  #retire(
    session: Session,
    {
      outputs,
      held,
      parts,
    }: { readonly outputs: readonly Output[]; readonly held: number; readonly parts: readonly FramePart[] },
  ): readonly Output[] {
    this.#session = undefined
    this.#retired.push(session.channel)
    session.channel.stdout.resume()
    session.channel.stderr.resume()
    const nothing = { code: NOT_RUN, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
    return outputs.map((output, i) => (i <= held || parts[i]?.chained === true ? output : nothing))
  }

  /** Undefined when the signal came first. */
  async #openSession({ signal, begin }: ScriptOptions): Promise<Session | undefined> {
    const stops = [signal, begin].filter(one => one !== undefined)
    const opening = this.#startProgram('exec /bin/sh').then(channel => {
      const session: Session = { channel, payloadPrefix: payloadName(nonce()), removesPayloads: false }
      if (stops.some(one => one.aborted)) {
        channel.kill()
        channel.release()
        return undefined
      }
      this.#session = session
      // A shell that ends between two frames is not an error: the next frame opens a new one.
      void channel.ended.then(() => {
        if (this.#session === session) this.#session = undefined
      })
      return session
    })
    if (stops.length === 0) return await opening
    let cancel = () => {}
    const cancelled = new Promise<undefined>(resolve => {
      cancel = () => resolve(undefined)
      if (stops.some(one => one.aborted)) cancel()
      for (const one of stops) one.addEventListener('abort', cancel, { once: true })
    })
    opening.catch(() => {})
    try {
      return await Promise.race([opening, cancelled])
    } finally {
      for (const one of stops) one.removeEventListener('abort', cancel)
    }
  }

  /** Starts a program as the account: the shell itself, or `sh -c COMMAND`. */
  async #startProgram(command: string): Promise<Channel> {
    const { start, become, host, shell = ['/bin/sh'] } = this.#options
    if (become === undefined) return await start(command === 'exec /bin/sh' ? shell : ['/bin/sh', '-c', command])
    if (neverAsks(become) && become.passwordKnown !== true && !this.#passwordNeeded)
      return await start(becomeArgv(become, command))
    const words = { prompt: nonce(), ready: nonce(), host, timeout: START_TIMEOUT }
    const channel = await start(becomeArgv(become, `printf %s ${words.ready}; ${command}`, words.prompt))
    await handshake(channel, become, words)
    return channel
  }

  // Large payloads are uploaded through a second program: on the shell's stdin dash would read them as commands. When an
  // upload fails, the part that needs it fails with the reason.
  async #uploadPayloads(parts: readonly FramePart[], payloads: string) {
    const stored = new Map<number, string>()
    const ready: FramePart[] = []
    for (const [i, part] of parts.entries()) {
      const { payload } = part
      if (payload === undefined || payload.length <= INLINE_PAYLOAD) {
        ready.push(part)
        continue
      }
      const put = await this.#upload(payload, payloads)
      if ('path' in put) stored.set(i, put.path)
      ready.push('path' in put ? part : { script: sh`printf '%s\n' ${put.problem} >&2; exit 1`, chained: part.chained })
    }
    return { ready, stored }
  }

  async #upload(bytes: Uint8Array, name: string): Promise<{ readonly path: string } | { readonly problem: string }> {
    const writer = await this.#startProgram(uploadCommand(bytes.length, name))
    this.roundTrips++
    const printed: Buffer[] = []
    const complaints: Buffer[] = []
    writer.stdout.on('data', (chunk: Buffer) => printed.push(chunk))
    writer.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
    writer.stdin.end(bytes)
    const { code, connectionError } = await writer.ended
    writer.release()
    if (connectionError !== undefined)
      throw new Unreachable(`lost the connection to ${this.#options.host}: ${connectionError}`)
    const path = uploadedPath(Buffer.concat(printed).toString(), name)
    if (code === 0 && path !== undefined) return { path }
    const said = Buffer.concat(complaints).toString().trim()
    return { problem: `a payload of ${bytes.length} bytes could not be stored${said === '' ? '' : `: ${said}`}` }
  }

  /** Kills what runs in the session. True when the host confirmed it. */
  async #kill({ channel, pid, payloadPrefix }: Session, parts: readonly FramePart[]): Promise<boolean> {
    let gone = false
    // Processes of another account cannot be signalled from here.
    const local = this.#options.become === undefined
    // SIGTERM first: a script may have temporary files to remove.
    if (local) await channel.terminate?.()
    const reached = local && channel.kill()
    gone = reached
    const carries = parts.some(part => part.payload !== undefined)
    if (pid !== undefined && (!reached || carries)) {
      try {
        const killer = await this.#startProgram('exec /bin/sh')
        killer.stdout.resume()
        killer.stderr.resume()
        killer.stdin.end(`rm -f "\${TMPDIR:-/tmp}/${payloadPrefix}."*\n${reached ? '' : killScript(pid)}`)
        gone = (await killer.ended).code === 0
        killer.release()
      } catch {
        // The host is unreachable; what runs there ends at its next write.
      }
    }
    channel.kill()
    channel.release()
    return gone
  }
}

const notStarted: Output = {
  code: TIMED_OUT,
  stdout: Buffer.alloc(0),
  stderr: Buffer.from('cancelled'),
  cancelled: 'not begun',
}

/** The result, or undefined after `ms` milliseconds. */
const withTimeout = async <T>(ms: number, done: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  const first = await Promise.race([done, late])
  clearTimeout(timer)
  return first
}
