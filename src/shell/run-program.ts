import { spawn } from 'node:child_process'

export interface ProgramResult {
  readonly stdout: string
  readonly stderr: string
  /** Why the output cannot be used: `ended with code 3`, `took longer than 120 s`. */
  readonly error?: string
  readonly hint?: string
}

export interface ProgramOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Timeout in seconds. */
  readonly seconds: number
  /** Maximum number of bytes of output. */
  readonly maxBytes: number
  /** Kills the program and its children. */
  readonly signal?: AbortSignal
}

/** Runs a user's program on this machine, without a shell and without input, and waits for its end. */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  return new Promise(resolve => {
    const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    let bytes = 0
    let stopped: string | undefined
    const text = (name: keyof typeof printed) => Buffer.concat(printed[name]).toString('utf8')
    const end = (wrong?: string, hint?: string) => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      resolve({ stdout: text('stdout'), stderr: text('stderr'), ...(wrong && { error: wrong }), ...(hint && { hint }) })
    }
    // Its own process group, so that its children are killed with it. Ctrl-C does not reach the group; `signal` does.
    const child = spawn(file, [...args], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const stop = (why: string) => {
      if (stopped !== undefined) return
      stopped = why
      try {
        process.kill(-(child.pid ?? Number.NaN), 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
      // A grandchild outside of the group could hold the pipes open for ever.
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const onAbort = () => stop('was stopped')
    options.signal?.addEventListener('abort', onAbort, { once: true })
    const timer = setTimeout(() => stop(`took longer than ${options.seconds} s`), options.seconds * 1000)
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > options.maxBytes) stop(`printed more than ${Math.floor(options.maxBytes / 1024 / 1024)} MiB`)
        else printed[name].push(chunk)
      })
    child.on('error', (error: NodeJS.ErrnoException) => end('cannot be started', causeOf(error)))
    child.on('close', (code, signal) => {
      if (stopped !== undefined) end(stopped)
      else if (code !== 0) end(code === null ? `was ended by ${signal}` : `ended with code ${code}`)
      else end()
    })
  })
}

const causeOf = (error: NodeJS.ErrnoException): string => {
  if (error.code === 'ENOENT') return 'the interpreter that its first line names is not there'
  if (error.code === 'ENOEXEC') return 'let its first line name the interpreter: #!/usr/bin/env python3'
  if (error.code === 'EACCES') return 'it may not be executed: by its own rights, its interpreter’s or its folder’s'
  return error.message
}
