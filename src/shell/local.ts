import type { BecomeOptions } from './become.ts'
import { FramedShell } from './framed-shell.ts'
import type { Shell } from './shell.ts'
import { spawnProgram } from './spawned.ts'

export interface LocalOptions {
  /** The argv of the shell, `['/bin/sh']` by default; tests use others. */
  readonly argv?: readonly string[]
  readonly become?: BecomeOptions
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
}

/** A shell on this machine. */
export function openLocal(options: LocalOptions = {}): Shell {
  const { env, cwd } = options
  return new FramedShell({
    host: 'this machine',
    start: async argv => spawnProgram(argv, { env, cwd, ownLocale: true }),
    ...(options.argv === undefined ? {} : { shell: options.argv }),
    ...(options.become === undefined ? {} : { become: options.become }),
  })
}
