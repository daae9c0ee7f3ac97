import { inOwnShell, quote, type Script } from '../text/sh.ts'
import type { Output, RunOptions } from './shell.ts'

export interface FramePart extends RunOptions {
  readonly script: Script
  /** Run only when every chained part before it in the frame exited 0; otherwise its code is `NOT_RUN`. */
  readonly chained?: boolean
  /**
   * A command of the user's: it runs in a shell of its own, so that `kill $$` ends nothing else, in the host's own locale.
   * The shell that stays open looks afterwards who else may still write to its streams.
   */
  readonly command?: boolean
}

/** The exit code of a chained part that was not started. */
export const NOT_RUN = 125
/** The exit code of a script whose time ran out. */
export const TIMED_OUT = 124

/** Bytes of each stream of a part that are kept; what is printed beyond that is counted only. */
export const MAX_OUTPUT = 8 * 1024 * 1024

/** Payloads up to this many bytes ride inside the frame; bash reads a script on stdin byte by byte, so big ones go through `put`. */
export const INLINE_PAYLOAD = 64 * 1024

/** The beginning of a payload's file name: whoever ends a frame half-way can find what it left. */
export const payloadName = (nonce: string): string => `.mlplay.${nonce.slice(0, 8)}`

/** The variable in which whoever sets LC_ALL on the way to a shell passes on what it was: sudo and su let such names through. */
export const LOCALE_VARIABLE = 'LC_MLPLAY'

/**
 * The first words to a new shell. Its mark, with the shell's process id in it, ends whatever login scripts printed
 * before it.
 */
export const preamble = (nonce: string): Buffer =>
  Buffer.from(
    `mlplay_locale=\${${LOCALE_VARIABLE}-\${LC_ALL-}}; unset ${LOCALE_VARIABLE}; export LC_ALL=C; printf '\\036${nonce} %s\\036' "$$"; printf '\\036${nonce} 0\\036' >&2\n`,
  )

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
  const mark = (code: string) =>
    `printf '\\036${nonce} %s\\036' "${code}"; printf '\\036${nonce} %s\\036' "${code}" >&2\n`
  const say = (text: string) => chunks.push(Buffer.from(text))
  if (parts.some(part => part.command === true)) say(HELD)
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
    const text = payloadCheck(part) + part.script.text
    const run = part.command === true ? inOwnShell(text) : `( eval ${quote(text)} ) </dev/null`
    say(
      part.chained === true
        ? `if [ "$chain" = 0 ]; then ${run}\ncode=$?; chain=$code; else code=${NOT_RUN}; fi\n`
        : `${run}\ncode=$?\n`,
    )
    if (part.payload !== undefined) say('rm -f "$payload"; payload=\n')
    say(part.command === true ? `held; ${mark('$code$held')}` : mark('$code'))
  })
  return Buffer.concat(chunks)
}

// Whether a command left someone behind who holds the shell's streams, and may write into what belongs to the next. Those
// through whom the shell was started have lower numbers. Only builtins are used, and processes are counted in hundreds.
const HELD = `held() {
held=
for mlplay in /proc/[0-9]*; do
case $mlplay in *'*') continue ;; esac
[ "\${mlplay#/proc/}" -gt $$ ] || continue
if [ "$mlplay/fd/1" -ef "/proc/$$/fd/1" ] || [ "$mlplay/fd/2" -ef "/proc/$$/fd/2" ]; then held=+; fi
done
}
`

// A full disk cuts a payload short, and printf and mktemp say so to nobody who reads it.
const payloadCheck = ({ payload }: FramePart): string =>
  payload === undefined
    ? ''
    : `[ -f "$payload" ] && [ "$(wc -c <"$payload")" -eq ${payload.length} ] || { printf '%s\\n' "the ${payload.length} bytes that are needed here did not fit into \${TMPDIR:-/tmp}: is it full?" >&2; exit 1; }\n`

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

export interface ReadPart {
  readonly bytes: Buffer
  readonly code: number
  /** Bytes that were printed and not kept. */
  readonly dropped: number
  /** Something that the part started still has the shell's streams. */
  readonly held: boolean
}

/** Cuts one stream of a frame into its parts as their marks come by. Of each part it keeps so many bytes and no more. */
export class FrameReader {
  readonly #mark: Buffer
  #chunks: Buffer[] = []
  #kept = 0
  #dropped = 0
  /** The end of what was read, in which a mark may begin. */
  #tail: Buffer = Buffer.alloc(0)
  readonly parts: ReadPart[] = []
  /** A mark came without an exit code: whatever speaks there is not the shell that was asked. */
  invalid = false

  constructor(nonce: string) {
    this.#mark = Buffer.from(`\x1e${nonce} `)
  }

  push(chunk: Buffer): void {
    let left = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
    for (;;) {
      const start = left.indexOf(this.#mark)
      if (start < 0) return this.#wait(left, Math.max(0, left.length - this.#mark.length + 1))
      const end = left.indexOf(0x1e, start + this.#mark.length)
      const said = left.subarray(start + this.#mark.length, end < 0 ? undefined : end).toString('latin1')
      if (said.length > MAX_CODE_LENGTH || (end >= 0 && !/^\d+\+?$/.test(said))) this.invalid = true
      if (end < 0 || this.invalid) return this.#wait(left, start)
      this.#keep(left.subarray(0, start))
      this.parts.push({
        bytes: Buffer.concat(this.#chunks),
        code: Number.parseInt(said, 10),
        dropped: this.#dropped,
        held: said.endsWith('+'),
      })
      this.#chunks = []
      this.#kept = 0
      this.#dropped = 0
      left = left.subarray(end + 1)
    }
  }

  /** What came since the last mark. */
  get rest(): Buffer {
    return Buffer.concat([...this.#chunks, this.#tail])
  }

  /** More was printed than is kept. */
  get truncated(): boolean {
    return this.#dropped > 0
  }

  #wait(bytes: Buffer, from: number): void {
    this.#keep(bytes.subarray(0, from))
    this.#tail = bytes.subarray(from)
  }

  #keep(bytes: Buffer): void {
    const taken = Math.min(bytes.length, MAX_OUTPUT - this.#kept)
    if (taken > 0) this.#chunks.push(bytes.subarray(0, taken))
    this.#kept += taken
    this.#dropped += bytes.length - taken
  }
}

/** A process id has ten digits at most. */
const MAX_CODE_LENGTH = 11

/** The outputs of a frame whose two streams were read to their last mark. */
export function decodeFrame(stdout: FrameReader, stderr: FrameReader): readonly Output[] {
  return stdout.parts.map(({ bytes, code, dropped }, i) => {
    const more = dropped + (stderr.parts[i]?.dropped ?? 0)
    return {
      code,
      stdout: bytes,
      stderr: stderr.parts[i]?.bytes ?? Buffer.alloc(0),
      ...(more > 0 ? { dropped: more } : {}),
    }
  })
}
