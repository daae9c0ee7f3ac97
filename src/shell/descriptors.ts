import { readdirSync, readFileSync } from 'node:fs'
import { Unreachable } from './shell.ts'

/** File descriptors that a running host may hold: a socket or three streams, and one more while it starts a program. */
const PER_HOST = 4
/** File descriptors left for files, the report and everything else. */
const RESERVED = 24
const MAX_WAIT = 30_000
const POLL_INTERVAL = 200

/** How many hosts may run at once before this process runs out of file descriptors; infinite when the limit is unknown. */
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

/** True for the errors of a system without free file descriptors, processes or memory. */
export const isResourceShortage = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')

/** Runs `start`, and on a resource shortage waits for other programs to end. Throws `Unreachable` after 30 s. */
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
