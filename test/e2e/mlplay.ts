import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../..')

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A program run to its end; never throws for a bad exit code. */
export const program = (
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<Ended> =>
  new Promise((done, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', code => done({ code: code ?? -1, stdout, stderr }))
    // A command that refuses at once does not read what it is given.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })

/** The command as a person runs it: the built one. */
export const mlplay = (args: readonly string[], options: Parameters<typeof program>[2] = {}): Promise<Ended> =>
  program(process.execPath, [join(repository, 'bin/mlplay.js'), ...args], {
    ...options,
    env: { NO_COLOR: '1', ...options.env },
  })

export interface TaskLine {
  readonly event: 'task'
  readonly host: string
  readonly task: string
  readonly type: string
  readonly status: string
  readonly changes: readonly { readonly what: string }[]
  readonly message?: string
  readonly stderr?: string
}

export interface PlayLine {
  readonly event: 'play'
  readonly hosts: readonly string[]
  readonly batch?: readonly [number, number]
}

export interface SummaryLine {
  readonly event: 'summary'
  readonly hosts: Readonly<
    Record<
      string,
      Readonly<Record<'changed' | 'skipped' | 'failed' | 'unreachable' | 'round_trips' | 'verified', number>>
    >
  >
  readonly exit_code: number
}

/** `-o json` read back. */
export const eventsOf = (ended: Ended) => {
  const events = ended.stdout
    .trim()
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as { readonly event: string })
  return {
    tasks: events.filter((event): event is TaskLine => event.event === 'task'),
    plays: events.filter((event): event is PlayLine => event.event === 'play'),
    rollbacks: events.filter(event => event.event === 'rollback') as unknown as readonly {
      readonly undone: readonly string[]
      readonly not_undone: readonly string[]
    }[],
    summary: events.find((event): event is SummaryLine => event.event === 'summary'),
  }
}
