import { quote, type Script } from '../text/sh.ts'
import type { Output, RunOptions } from './shell.ts'

export interface FramePart extends RunOptions {
  readonly script: Script
  /** Run only when every chained part before it in the frame exited 0; otherwise its code is `NOT_RUN`. */
  readonly chained?: boolean
}

/** The exit code of a chained part that was not started. */
export const NOT_RUN = 125
/** The exit code of a script whose time ran out. */
export const TIMED_OUT = 124

/** Payloads up to this many bytes ride inside the frame; bash reads a script on stdin byte by byte, so big ones go through `put`. */
export const INLINE_PAYLOAD = 64 * 1024

/** The beginning of a payload's file name: whoever ends a frame half-way can find what it left. */
export const payloadName = (nonce: string): string => `.mlplay.${nonce.slice(0, 8)}`

/**
 * The first words to a new shell. Its mark, with the shell's process id in it, ends whatever login scripts printed
 * before it.
 */
export const preamble = (nonce: string): Buffer =>
  Buffer.from(`export LC_ALL=C; printf '\\036${nonce} %s\\036' "$$"; printf '\\036${nonce} 0\\036' >&2\n`)

interface Framing {
  readonly nonce: string
  /** How the names of this shell's payload files begin. */
  readonly payloads: string
  /** Payloads that are on the host already, by the index of their part. */
  readonly stored: ReadonlyMap<number, string>
  /** Tell the shell to leave no payload behind when it ends, as it does when the connection is lost. */
  readonly sweep: boolean
}

/**
 * What goes down the shell's stdin for one round trip. Each part is eval'd in a subshell of its own, so neither a syntax
 * error nor an `exit` ends the shell that stays open, and reads /dev/null, because dash reads its own script in blocks
 * and would lose what a command eats. A nonce ends each part on both streams.
 */
export function encodeFrame(parts: readonly FramePart[], { nonce, payloads, stored, sweep }: Framing): Buffer {
  const chunks: Buffer[] = [Buffer.from('chain=0\n')]
  const say = (text: string) => chunks.push(Buffer.from(text))
  if (sweep) say(`trap 'rm -f "\${TMPDIR:-/tmp}/${payloads}".*' EXIT\n`)
  parts.forEach((part, index) => {
    if (part.payload !== undefined) {
      const path = stored.get(index)
      if (path !== undefined) say(`payload=${quote(path)}\n`)
      else {
        say('payload=$(umask 077; mktemp "${TMPDIR:-/tmp}/' + payloads + '.XXXXXX")\nprintf ')
        chunks.push(printfArguments(part.payload))
        say(' > "$payload"\n')
      }
    }
    const run = `( eval ${quote(part.script.text)} ) </dev/null`
    say(
      part.chained === true
        ? `if [ "$chain" = 0 ]; then ${run}\ncode=$?; chain=$code; else code=${NOT_RUN}; fi\n`
        : `${run}\ncode=$?\n`,
    )
    if (part.payload !== undefined) say('rm -f "$payload"; payload=\n')
    say(`printf '\\036${nonce} %s\\036' "$code"; printf '\\036${nonce} %s\\036' "$code" >&2\n`)
  })
  return Buffer.concat(chunks)
}

// `printf %s 'bytes'` carries everything but NUL, which no shell word can hold: then a format of octal escapes does.
const printfArguments = (bytes: Uint8Array): Buffer => {
  if (!bytes.includes(0)) {
    const text = Buffer.from(bytes).toString('latin1').replaceAll("'", `'\\''`)
    return Buffer.from(`%s '${text}'`, 'latin1')
  }
  let format = ''
  for (const byte of bytes) format += `\\${byte.toString(8).padStart(3, '0')}`
  return Buffer.from(`'${format}'`)
}

/** Cuts one stream of a frame into its parts as their marks come by. */
export class FrameReader {
  readonly #mark: Buffer
  #rest: Buffer = Buffer.alloc(0)
  #searched = 0
  readonly parts: { readonly bytes: Buffer; readonly code: number }[] = []

  constructor(nonce: string) {
    this.#mark = Buffer.from(`\x1e${nonce} `)
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      const start = this.#rest.indexOf(this.#mark, this.#searched)
      if (start < 0) {
        this.#searched = Math.max(0, this.#rest.length - this.#mark.length)
        return
      }
      const end = this.#rest.indexOf(0x1e, start + this.#mark.length)
      if (end < 0) {
        this.#searched = start
        return
      }
      const code = Number(this.#rest.subarray(start + this.#mark.length, end).toString())
      this.parts.push({ bytes: this.#rest.subarray(0, start), code })
      this.#rest = this.#rest.subarray(end + 1)
      this.#searched = 0
    }
  }

  get rest(): Buffer {
    return this.#rest
  }
}

/** The outputs of a frame whose two streams were read to their last mark. */
export function decodeFrame(stdout: FrameReader, stderr: FrameReader): readonly Output[] {
  return stdout.parts.map((part, i) => ({
    code: part.code,
    stdout: part.bytes,
    stderr: stderr.parts[i]?.bytes ?? Buffer.alloc(0),
  }))
}
