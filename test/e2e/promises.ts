// The table of README.md that says what the role promises: each line with a command, and a part of what the command says.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './mlplay.ts'

export interface Promised {
  readonly command: string
  readonly says: string
}

export const promises = (): readonly Promised[] =>
  [...readFileSync(join(repository, 'README.md'), 'utf8').matchAll(/^\| .* \| `([^|]+)` \| `([^|`]+)` \|$/gm)].map(
    ([, command = '', says = '']) => ({ command, says }),
  )

/** What a command says until it says `says`, ends, or has had `seconds`. One that goes on is ended, with all that it started. */
export const saidBy = (command: string, says: string, options: { readonly cwd: string; readonly seconds: number }) =>
  new Promise<string>(done => {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: options.cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    })
    let said = ''
    // As Ctrl-C does; what does not listen is killed.
    const end = (signal: NodeJS.Signals = 'SIGINT') => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // It has ended by itself.
      }
    }
    let ending: NodeJS.Timeout | undefined
    const enough = () => {
      end()
      ending ??= setTimeout(() => end('SIGKILL'), 20_000)
    }
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      // A run of a playbook goes on to its end, as it changes the host.
      if (said.includes(says) && !command.includes('mlplay run')) enough()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const late = setTimeout(enough, options.seconds * 1000)
    child.on('close', () => {
      clearTimeout(late)
      clearTimeout(ending)
      done(said)
    })
  })
