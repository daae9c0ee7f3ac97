import { spawnSync } from 'node:child_process'
import { Fault } from '../model/fault.ts'

/** What a command of the user's, run on this machine by `/bin/sh`, prints; without its last newline. */
export function pipe(
  command: string,
  at: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): string {
  const ended = spawnSync('/bin/sh', ['-c', command], {
    cwd: at.cwd,
    env: { ...at.env },
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
  if (ended.status === 0) return ended.stdout.replace(/\n$/, '')
  throw new Fault('lookup', `lookup('pipe') ended with code ${ended.status ?? ended.signal}: ${command}`, {
    hint: ended.stderr.trim(),
  })
}
