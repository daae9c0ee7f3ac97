import { closeSync, fstatSync } from 'node:fs'
import { isatty } from 'node:tty'
import { rethrowBug } from '../text/rethrow-bug.ts'

/**
 * Closes the descriptors of a terminal that is gone. Node resets the terminal at exit and aborts when that fails; it skips
 * closed descriptors.
 */
export function closeTerminal(): void {
  for (const fd of [0, 1, 2])
    try {
      if (fstatSync(fd).isCharacterDevice() && !isatty(fd)) closeSync(fd)
    } catch (error) {
      rethrowBug(error)
      // It was closed already.
    }
}
