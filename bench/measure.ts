import { spawn } from 'node:child_process'

export interface Measured {
  readonly wallMs: number
  /** User and system time of the program and of all that it waited for; a connection left open in the background is not in it. */
  readonly cpuMs: number
  readonly stdout: string
  readonly stderr: string
}

export interface ToMeasure {
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Exit codes other than 0 that are fine. */
  readonly allow?: readonly number[]
}

// The shell's `times` is the one clock for a family of processes that every system has.
const wrapper = '"$@"; code=$?; times >&3; exit "$code"'

/** Runs a program to its end and says what it took. A run that fails is no measurement: it throws. */
export const measure = ({ argv, env = {}, cwd, allow = [] }: ToMeasure): Promise<Measured> =>
  new Promise((done, reject) => {
    const began = performance.now()
    const child = spawn('/bin/sh', ['-c', wrapper, 'sh', ...argv], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    const said = ['', '', '']
    ;[child.stdout, child.stderr, child.stdio[3]].forEach((stream, i) =>
      stream?.on('data', (bytes: Buffer) => {
        said[i] += bytes.toString()
      }),
    )
    child.once('error', reject)
    // 'exit' and not 'close': Ansible leaves ssh masters behind that hold the pipes open.
    child.once('exit', code => {
      const wallMs = performance.now() - began
      setImmediate(() => {
        const [stdout = '', stderr = '', times = ''] = said
        for (const stream of [child.stdout, child.stderr]) stream?.destroy()
        if (code !== 0 && !allow.includes(code ?? -1))
          reject(new Error(`${argv.join(' ').slice(0, 400)} ended with ${code}\n${(stdout + stderr).slice(-3000)}`))
        else done({ wallMs, cpuMs: childrenMs(times), stdout, stderr })
      })
    })
  })

/** The second line of `times`: `0m1.25s 0m0.50s`. */
export const childrenMs = (times: string): number =>
  [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  )
