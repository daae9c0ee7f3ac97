import { spawn } from 'node:child_process'
import type { Channel, ProgramEnd } from './channel.ts'

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** True where the program is the shell that is meant: it has the locale that it is given. Others speak English. */
  readonly ownLocale?: boolean
}

/** Milliseconds in which the last bytes of a program that has ended must arrive. */
const DRAIN_TIMEOUT = 200
/** Milliseconds in which a program that is asked to end may do so, and between two looks at whether it has. */
const TERMINATE_TIMEOUT = 1000
const POLL_INTERVAL = 20

/**
 * A program of this machine. It leads a process group of its own, so that Ctrl-C at the terminal does not cut a change in
 * half, and one signal ends it with its children.
 */
export function spawnProgram(argv: readonly string[], options: SpawnOptions = {}): Channel {
  const [file = '/bin/sh', ...rest] = argv
  const child = spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: options.cwd,
    env: { ...options.env, ...(options.ownLocale === true ? {} : { LC_ALL: 'C' }) },
  })
  // Without descriptors for its streams there is no child at all: whoever asked may wait for some.
  if (child.stdin === undefined || child.stdin === null) {
    child.on('error', () => {})
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  }
  child.stdin.on('error', () => {}) // a dead program shows as its end
  const ended = new Promise<ProgramEnd>(resolve => {
    const end = () => resolve({ code: child.exitCode })
    child.once('close', end)
    // A daemon may hold the streams of a program that is long gone: then 'close' never comes.
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
        // No such group: nothing is left to kill. Anything else: it became someone whom this account may not signal.
        return (error as NodeJS.ErrnoException).code === 'ESRCH'
      }
    },
    terminate: async () => {
      // Where nobody buries the dead, they count as members of the group; their streams are closed.
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

/** Whether something of a process group was there to be signalled. */
const signalled = (pid: number | undefined, signal: 'SIGTERM' | 0): boolean => {
  try {
    return pid !== undefined && process.kill(-pid, signal)
  } catch {
    return false
  }
}

/**
 * A program of this machine that only leads to the one that is meant, elsewhere: killing it would leave that one running,
 * and it goes itself when it is let go. `read` says what its end means.
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
