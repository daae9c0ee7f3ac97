import { spawn } from 'node:child_process'
import type { Channel, ProgramEnd } from './channel.ts'

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** Keep the locale of `env`. Other programs run with LC_ALL=C, as their messages are parsed. */
  readonly ownLocale?: boolean
}

/** Milliseconds to wait for the last output of a program that has exited. */
const DRAIN_TIMEOUT = 200
/** Milliseconds that a program has to end after SIGTERM, and the interval of the checks. */
const TERMINATE_TIMEOUT = 1000
const POLL_INTERVAL = 20

/**
 * Starts a program on this machine. It leads its own process group, so that Ctrl-C at the terminal does not interrupt a
 * change, and one signal kills it with its children.
 */
export function spawnProgram(argv: readonly string[], options: SpawnOptions = {}): Channel {
  const [file = '/bin/sh', ...rest] = argv
  const child = spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: options.cwd,
    env: { ...options.env, ...(options.ownLocale === true ? {} : { LC_ALL: 'C' }) },
  })
  // spawn() without free file descriptors gives a child without streams: report it as EMFILE, so that the caller can wait.
  if (child.stdin === undefined || child.stdin === null) {
    child.on('error', () => {})
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  }
  child.stdin.on('error', () => {}) // reported by `ended`
  const ended = new Promise<ProgramEnd>(resolve => {
    const end = () => resolve({ code: child.exitCode })
    child.once('close', end)
    // When a daemon holds the streams of a program that has exited, 'close' never comes.
    child.once('exit', () => setTimeout(end, DRAIN_TIMEOUT).unref())
    child.once('error', error => resolve({ code: null, connectionError: error.message }))
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    kill: () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
        return true
      } catch (error) {
        // ESRCH: nothing is left to kill. EPERM: it changed to an account that we may not signal.
        return (error as NodeJS.ErrnoException).code === 'ESRCH'
      }
    },
    terminate: async () => {
      // Where init does not reap zombies, they still count as members of the group; closed streams show that they ended.
      let closed = false
      child.once('close', () => {
        closed = true
      })
      for (
        let waited = 0;
        waited < TERMINATE_TIMEOUT && signalled(child.pid, waited === 0 ? 'SIGTERM' : 0);
        waited += POLL_INTERVAL
      ) {
        if (closed) return
        await new Promise(resolve => setTimeout(resolve, POLL_INTERVAL))
      }
    },
    release: () => {
      child.stdin.destroy()
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
    },
  }
}

/** True when some process of the group received the signal. */
const signalled = (pid: number | undefined, signal: 'SIGTERM' | 0): boolean => {
  try {
    return pid !== undefined && process.kill(-pid, signal)
  } catch {
    return false
  }
}

/**
 * A local client program, such as ssh, of a program that runs elsewhere: killing the client would leave the other running,
 * so `kill` returns false. `read` interprets the client's exit code.
 */
export const remoteProgram = (program: Channel, read: (end: ProgramEnd) => ProgramEnd): Channel => ({
  ...program,
  kill: () => false,
  terminate: () => Promise.resolve(),
  release: () => {
    program.kill()
    program.release()
  },
  ended: program.ended.then(read),
})
