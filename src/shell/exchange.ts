import type { Readable } from 'node:stream'
import { startTimer } from '../text/timer.ts'
import type { Channel, ProgramEnd } from './channel.ts'
import { decodeFrame, FrameReader, NOT_RUN, TIMED_OUT } from './frame.ts'
import type { Output } from './shell.ts'

export interface FrameRequest {
  readonly frame: Buffer
  /** Number of end marks to read. */
  readonly parts: number
  readonly mark: string
  /** Milliseconds for the whole frame. */
  readonly timeout?: number | undefined
  /** Milliseconds for each part, by index; undefined for no limit. */
  readonly partTimeouts?: readonly (number | undefined)[]
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the first mark, which a new shell prints itself. */
  readonly startTimeout?: number
}

/** The result of one frame. `outputs` are complete; after a timeout or cancellation `missing` has one for each other part. */
export type FrameResult =
  /** `held`: index of the first part that left a process with access to the shell's streams. */
  | { readonly kind: 'whole'; readonly outputs: readonly Output[]; readonly held?: number }
  | { readonly kind: 'lost'; readonly outputs: readonly Output[]; readonly said: string; readonly end: ProgramEnd }
  | { readonly kind: 'cut'; readonly outputs: readonly Output[]; readonly missing: readonly Output[] }

/** Sends a frame to a shell and reads both streams until the last mark, the end of the shell, or a timeout. */
export function exchange(channel: Channel, question: FrameRequest): Promise<FrameResult> {
  const { parts, mark, timeout, signal } = question
  return new Promise<FrameResult>(resolve => {
    const out = new FrameReader(mark)
    const err = new FrameReader(mark)
    let timer: NodeJS.Timeout | undefined
    let patience: NodeJS.Timeout | undefined
    let own: NodeJS.Timeout | undefined
    let forget = () => {}
    const settle = (answer: FrameResult) => {
      clearTimeout(timer)
      clearTimeout(patience)
      clearTimeout(own)
      forget()
      signal?.removeEventListener('abort', cancel)
      channel.stdout.off('data', onOut)
      channel.stderr.off('data', onErr)
      resolve(answer)
    }
    let begun = -1
    const time = () => {
      if (begun === out.parts.length) return
      begun = out.parts.length
      clearTimeout(own)
      const limit = question.partTimeouts?.[begun]
      if (limit !== undefined) own = startTimer(limit, () => cut(`timed out after ${limit / 1000} s and was killed`))
    }
    const look = () => {
      if (out.invalid || err.invalid)
        return end({ code: null, connectionError: 'its answers do not follow the protocol' })
      if (out.parts.length > 0) clearTimeout(patience)
      if (out.parts.length < parts || err.parts.length < parts) return time()
      const held = out.parts.findIndex(part => part.held)
      settle({ kind: 'whole', outputs: decodeFrame(out, err), ...(held < 0 ? {} : { held }) })
    }
    const reading = (reader: FrameReader, stream: Readable) => (chunk: Buffer) => {
      reader.push(chunk)
      look()
      // Output beyond the limit is dropped, so read it slowly and leave the CPU to other hosts.
      if (!reader.truncated) return
      stream.pause()
      setTimeout(() => stream.resume(), 1)
    }
    const onOut = reading(out, channel.stdout)
    const onErr = reading(err, channel.stderr)
    const cut = (why: string) => {
      const outputs = decodeFrame(out, err)
      const cutOff = { code: TIMED_OUT, stdout: out.rest, stderr: Buffer.concat([err.rest, Buffer.from(why)]) }
      const others = {
        code: NOT_RUN,
        stdout: Buffer.alloc(0),
        stderr: Buffer.from('not run: the script before it did not finish'),
      }
      // The first mark belongs to the new shell itself, not to a part.
      const last = question.startTimeout !== undefined && outputs.length === 0 ? 1 : 0
      const missing = Array.from({ length: parts - outputs.length }, (_, i) => (i <= last ? cutOff : others))
      settle({ kind: 'cut', outputs, missing })
    }
    // Before the first mark, stdout may hold the reason for the failure: "This account is currently not available."
    const end = (ended: ProgramEnd) =>
      settle({
        kind: 'lost',
        outputs: decodeFrame(out, err),
        said: `${out.parts.length === 0 ? out.rest.toString() : ''}${err.rest.toString()}`.trim(),
        end: ended,
      })
    const cancel = () => cut('cancelled')
    if (timeout !== undefined)
      timer = startTimer(timeout, () => cut(`timed out after ${timeout / 1000} s and was killed`))
    if (signal?.aborted === true) return cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    if (question.startTimeout !== undefined)
      patience = setTimeout(
        () => end({ code: null, connectionError: `no shell within ${(question.startTimeout ?? 0) / 1000} s` }),
        question.startTimeout,
      )
    channel.stdout.on('data', onOut)
    channel.stderr.on('data', onErr)
    forget = whenEnded(channel, end)
    time()
    channel.stdin.write(question.frame)
  })
}

// `channel.ended` keeps a reaction for each of thousands of frames; after the frame it must not keep the frame's data alive.
const whenEnded = (channel: Channel, listener: (end: ProgramEnd) => void): (() => void) => {
  const waiting: { listener?: (end: ProgramEnd) => void } = { listener }
  void channel.ended.then(end => waiting.listener?.(end))
  return () => {
    delete waiting.listener
  }
}
