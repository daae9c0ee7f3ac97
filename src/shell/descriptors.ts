import { readdirSync, readFileSync } from 'node:fs'
import { Unreachable } from './shell.ts'

/** What a host at work may hold open: a socket, or the three streams of a program, and one more while it starts another. */
const PER_HOST = 4
/** For files, the report and what else this process opens. */
const RESERVED = 24
const MAX_WAIT = 30_000
const POLL_INTERVAL = 200

/** How many hosts may be at work at once before the file descriptors of this process run out; infinite where nobody says. */
export function hostsByDescriptors(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    if (limit === undefined) return Number.POSITIVE_INFINITY
    const free = Number(limit) - readdirSync('/proc/self/fd').length - RESERVED
    return Math.max(1, Math.floor(free / PER_HOST))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** True for what the system says when it has no descriptor, or no process, left. */
export const isResourceShortage = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')

/** Starts something, and where there is no room for it waits until others are through. Throws `Unreachable`. */
export async function whenResourcesAllow<T>(start: () => T): Promise<T> {
  const began = performance.now()
  for (;;) {
    try {
      return start()
    } catch (error) {
      if (!isResourceShortage(error)) throw error
      if (performance.now() - began > MAX_WAIT)
        throw new Unreachable(
          `no program can be started here: ${(error as Error).message}; lower --forks or raise ulimit`,
        )
      await new Promise(resolve => setTimeout(resolve, POLL_INTERVAL))
    }
  }
}
