import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { userScript } from '../text/sh.ts'
import { type BecomeWay, becomeArgv, explainBecome } from './become.ts'
import { decodeFrame, encodeFrame, type FramePart, FrameReader, INLINE_PAYLOAD, TIMED_OUT } from './frame.ts'
import { BecomeFailed, type Output, type RunOptions, type Shell, Unreachable } from './shell.ts'

export interface LocalOptions {
  /** The shell itself; `['/bin/sh']` unless a test wants another. */
  readonly argv?: readonly string[]
  readonly become?: BecomeWay
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

const nonce = (): string => randomBytes(12).toString('hex')

/** A `/bin/sh` of this machine. It leads a process group of its own, so that Ctrl-C at the terminal does not cut a change in half. */
export function openLocal(options: LocalOptions = {}): Shell {
  let child: ChildProcessWithoutNullStreams | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let roundTrips = 0

  const start = async (): Promise<ChildProcessWithoutNullStreams> => {
    const ready = nonce()
    const prompt = nonce()
    const plain = options.argv ?? ['/bin/sh']
    const [file = '/bin/sh', ...rest] = options.become === undefined ? plain : becomeArgv(options.become, prompt, ready)
    const started = spawn(file, rest, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      cwd: options.cwd,
      env: { ...options.env, LC_ALL: 'C' },
    })
    started.stdin.on('error', () => {}) // a dead shell shows as its 'close'
    if (options.become !== undefined) await handshake(started, options.become, { prompt, ready })
    started.stdin.write('export LC_ALL=C\n')
    return started
  }

  const exchange = async (parts: readonly FramePart[], limits: RunOptions): Promise<readonly Output[]> => {
    child ??= await start()
    const shell = child
    const stored = new Map<number, string>()
    for (const [i, part] of parts.entries())
      if (part.payload !== undefined && part.payload.length > INLINE_PAYLOAD) stored.set(i, await put(part.payload))
    const mark = nonce()
    const frame = encodeFrame(parts, mark, stored)
    roundTrips++
    return await new Promise<readonly Output[]>((resolve, reject) => {
      const out = new FrameReader(mark)
      const err = new FrameReader(mark)
      const onOut = (chunk: Buffer) => {
        out.push(chunk)
        settle()
      }
      const onErr = (chunk: Buffer) => {
        err.push(chunk)
        settle()
      }
      const done = () => {
        clearTimeout(timer)
        limits.signal?.removeEventListener('abort', cancel)
        shell.stdout.off('data', onOut)
        shell.stderr.off('data', onErr)
        shell.off('close', lost)
        shell.off('error', lost)
      }
      const settle = () => {
        if (out.parts.length < parts.length || err.parts.length < parts.length) return
        done()
        resolve(decodeFrame(out, err))
      }
      const lost = () => {
        done()
        child = undefined
        reject(
          new Unreachable(
            `the shell ended by itself${err.rest.length > 0 ? `: ${err.rest.toString().trim().slice(-300)}` : ''}`,
          ),
        )
      }
      const cut = (why: string) => {
        done()
        child = undefined
        kill(shell)
        const outputs = [...decodeFrame(out, err)]
        while (outputs.length < parts.length)
          outputs.push({ code: TIMED_OUT, stdout: out.rest, stderr: Buffer.concat([err.rest, Buffer.from(why)]) })
        resolve(outputs)
      }
      const cancel = () => cut('cancelled')
      const timer =
        limits.timeout === undefined
          ? undefined
          : setTimeout(() => cut(`no end after ${(limits.timeout ?? 0) / 1000} s: killed`), limits.timeout)
      limits.signal?.addEventListener('abort', cancel, { once: true })
      shell.stdout.on('data', onOut)
      shell.stderr.on('data', onErr)
      shell.on('close', lost)
      shell.on('error', lost)
      if (shell.exitCode !== null || shell.signalCode !== null) lost()
      else shell.stdin.write(frame)
    })
  }

  // Big payloads come in over a second process of the same account: dash would read them as commands.
  const put = async (bytes: Uint8Array): Promise<string> => {
    const ready = nonce()
    const prompt = nonce()
    const store = `printf %s ${ready}; umask 077; f=$(mktemp "\${TMPDIR:-/tmp}/.mlplay.XXXXXX") && cat > "$f" && printf %s "$f"`
    const argv =
      options.become === undefined
        ? ['/bin/sh', '-c', store]
        : [...becomeArgv(options.become, prompt, ready).slice(0, -1), store]
    const [file = '/bin/sh', ...rest] = argv
    const writer = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...options.env, LC_ALL: 'C' } })
    writer.stdin.on('error', () => {})
    roundTrips++
    if (options.become !== undefined) await handshake(writer, options.become, { prompt, ready })
    const chunks: Buffer[] = []
    writer.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    const closed = new Promise<number | null>(resolve => writer.on('close', code => resolve(code)))
    writer.stdin.end(bytes)
    const code = await closed
    const path = Buffer.concat(chunks).toString().replace(ready, '')
    if (code !== 0 || path === '') throw new Unreachable('a payload could not be stored: is the disk full?')
    return path
  }

  const shell: Shell = {
    run: async (script, limits) => {
      const [output] = await shell.runAll([{ script, payload: limits?.payload }], limits)
      if (output === undefined) throw new Unreachable('the shell gave no answer')
      return output
    },
    runAll: (parts, limits = {}) => {
      const turn = queue.then(() => (parts.length === 0 ? [] : exchange(parts, limits)))
      queue = turn.catch(() => {})
      return turn
    },
    get roundTrips() {
      return roundTrips
    },
    close: async () => {
      const open = child
      child = undefined
      if (open === undefined) return
      open.stdin.end()
      await Promise.race([
        new Promise(resolve => open.once('close', resolve)),
        new Promise(resolve => setTimeout(resolve, 500).unref()),
      ])
      // A daemon that a task started may hold the pipes: let go of them so that this process can end.
      open.stdout.destroy()
      open.stderr.destroy()
      open.unref()
    },
  }
  return shell
}

const kill = (child: ChildProcessWithoutNullStreams): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

const handshake = (
  child: ChildProcessWithoutNullStreams,
  way: BecomeWay,
  words: { readonly prompt: string; readonly ready: string },
): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ''
    let complaints = ''
    let asked = false
    const end = (failure?: Error) => {
      child.stdout.off('data', onOut)
      child.stderr.off('data', onErr)
      child.off('close', onClose)
      child.off('error', onError)
      if (failure === undefined) return resolve()
      kill(child)
      reject(failure)
    }
    const onOut = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(words.ready)) end()
    }
    const onErr = (chunk: Buffer) => {
      complaints += chunk.toString()
      if (!complaints.includes(words.prompt)) return
      complaints = complaints.replaceAll(words.prompt, '')
      if (asked) return end(new BecomeFailed(explainBecome(way, 'Sorry')))
      asked = true
      way.password(`${way.method} password for ${way.user}`).then(
        password => child.stdin.write(`${password}\n`),
        () => end(new BecomeFailed(explainBecome(way, 'password is required'))),
      )
    }
    const onClose = () => end(new BecomeFailed(explainBecome(way, complaints)))
    const onError = (error: Error) => end(new BecomeFailed(explainBecome(way, String(error))))
    child.stdout.on('data', onOut)
    child.stderr.on('data', onErr)
    child.on('close', onClose)
    child.on('error', onError)
  })

/** A script from a playbook's own text, for `lookup('pipe')`. */
export const pipeScript = userScript
