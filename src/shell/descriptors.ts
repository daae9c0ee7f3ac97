import { readdirSync, readFileSync } from 'node:fs'
import { Unreachable } from './shell.ts'

/** What a host at work may hold open: a socket, or the three streams of a program, and one more while it starts another. */
const EACH = 4
/** For files, the report and what else this process opens. */
const RESERVED = 24
const PATIENCE = 30_000
const PAUSE = 200

/** How many hosts may be at work at once before the file descriptors of this process run out; infinite where nobody says. */
export function hostsByDescriptors(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    if (limit === undefined) return Number.POSITIVE_INFINITY
    const free = Number(limit) - readdirSync('/proc/self/fd').length - RESERVED
    return Math.max(1, Math.floor(free / EACH))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** True for what the system says when it has no descriptor, or no process, left. */
export const isScarcity = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')

/** Starts something, and where there is no room for it waits until others are through. Throws `Unreachable`. */
export async function whenThereIsRoom<T>(start: () => T): Promise<T> {
  const began = performance.now()
  for (;;) {
    try {
      return start()
    } catch (error) {
      if (!isScarcity(error)) throw error
      if (performance.now() - began > PATIENCE)
        throw new Unreachable(
          `no program can be started here: ${(error as Error).message}; lower --forks or raise ulimit`,
        )
      await new Promise(resolve => setTimeout(resolve, PAUSE))
    }
  }
}
