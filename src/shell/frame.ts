import { inOwnShell, quote } from '../text/sh.ts'
import type { FramePart, Output } from './shell.ts'

/** The exit code of a chained part that was not started. */
export const NOT_RUN = 125
/** The exit code of a script whose time ran out. */
export const TIMED_OUT = 124

/** Bytes kept of each stream of a part; further output is only counted. */
export const MAX_OUTPUT = 8 * 1024 * 1024

/** Payloads up to this many bytes are sent inside the frame. bash reads stdin byte by byte, so larger ones are uploaded separately. */
export const INLINE_PAYLOAD = 64 * 1024

/** Prefix of payload file names, by which the files of a killed frame are found and removed. */
export const payloadName = (nonce: string): string => `.mlplay.${nonce.slice(0, 8)}`

/** Passes the original LC_ALL through programs that set it to C; sudo and su keep variables named LC_*. */
export const LOCALE_VARIABLE = 'LC_MLPLAY'

/**
 * First commands for a new shell. Its mark contains the pid of the shell and separates its output from that of login scripts.
 */
export const preamble = (nonce: string): Buffer =>
  Buffer.from(
    `mlplay_locale=\${${LOCALE_VARIABLE}-\${LC_ALL-}}; unset ${LOCALE_VARIABLE}; export LC_ALL=C; printf '\\036${nonce} %s\\036' "$$"; printf '\\036${nonce} 0\\036' >&2\n`,
  )

interface Framing {
  readonly nonce: string
  /** Prefix of this shell's payload files. */
  readonly payloads: string
  /** Paths of payloads that were uploaded already, by index of their part. */
  readonly stored: ReadonlyMap<number, string>
  /** Set a trap that removes payload files when the shell ends, also after a lost connection. */
  readonly sweep: boolean
}

/**
 * The input for one round trip. Each part is eval'd in its own subshell, so that neither a syntax error nor `exit` ends the
 * long-lived shell. Its stdin is /dev/null: dash reads its script in blocks, and a command that read stdin would consume
 * the rest of it. A mark with a nonce ends each part on both streams.
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

// Looks for a process that a command left and that still holds the shell's streams: its output would mix with the next
// part's. Ancestors of the shell have lower pids and are skipped. Uses builtins only, which is fast for hundreds of processes.
const HELD = `held() {
held=
for mlplay in /proc/[0-9]*; do
case $mlplay in *'*') continue ;; esac
[ "\${mlplay#/proc/}" -gt $$ ] || continue
if [ "$mlplay/fd/1" -ef "/proc/$$/fd/1" ] || [ "$mlplay/fd/2" -ef "/proc/$$/fd/2" ]; then held=+; fi
done
}
`

// On a full disk the payload file is short, and the errors of printf and mktemp are not read: compare its size.
const payloadCheck = ({ payload }: FramePart): string =>
  payload === undefined
    ? ''
    : `[ -f "$payload" ] && [ "$(wc -c <"$payload")" -eq ${payload.length} ] || { printf '%s\\n' "the ${payload.length} bytes of this payload did not fit into \${TMPDIR:-/tmp}: is it full?" >&2; exit 1; }\n`

// `printf %s 'bytes'` works for everything but NUL, which no shell word can hold; those bytes need octal escapes.
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
  /** Number of bytes that were printed but not kept. */
  readonly dropped: number
  /** A process that the part started still holds the shell's streams. */
  readonly held: boolean
}

/** Splits one stream of a frame into its parts at their marks. Keeps at most `MAX_OUTPUT` bytes of each. */
export class FrameReader {
  readonly #mark: Buffer
  #chunks: Buffer[] = []
  #kept = 0
  #dropped = 0
  /** The last bytes read, which may be the beginning of a mark. */
  #tail: Buffer = Buffer.alloc(0)
  readonly parts: ReadPart[] = []
  /** A mark had no exit code: the other side is not the shell that was started. */
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

  /** Output since the last mark. */
  get rest(): Buffer {
    return Buffer.concat([...this.#chunks, this.#tail])
  }

  /** More was printed than is kept of the part. */
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

/** A pid has at most ten digits, and a sign may follow. */
const MAX_CODE_LENGTH = 11

/** Combines the parts of both streams into outputs. */
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
