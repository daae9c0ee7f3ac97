import { spawnSync } from 'node:child_process'
import { Fault } from '../model/fault.ts'

/** Maximum number of bytes of output. */
const MOST = 16 * 1024 * 1024

/** Runs a user's command with `/bin/sh` on this machine. Returns its output without the last newline. */
export function pipe(
  command: string,
  at: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): string {
  const ended = spawnSync('/bin/sh', ['-c', command], {
    cwd: at.cwd,
    env: { ...at.env },
    encoding: 'utf8',
    maxBuffer: MOST,
  })
  if ((ended.error as NodeJS.ErrnoException | undefined)?.code === 'ENOBUFS')
    throw new Fault('lookup', `lookup('pipe') printed more than ${MOST / 1024 / 1024} MiB and was stopped: ${command}`)
  if (ended.status === 0) return ended.stdout.replace(/\n$/, '')
  const how = ended.status === null ? `was ended by ${ended.signal}` : `ended with code ${ended.status}`
  const said = ended.stderr.trim()
  throw new Fault('lookup', `lookup('pipe') ${how}: ${command}`, said === '' ? {} : { hint: said })
}
