import { closeSync, fstatSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Closes what is left of a terminal that is gone. Node sets its terminal back when the process ends, and aborts where that
 * fails: a descriptor that is closed is passed over.
 */
export function letGoOfTerminal(): void {
  for (const fd of [0, 1, 2])
    try {
      if (fstatSync(fd).isCharacterDevice() && !isatty(fd)) closeSync(fd)
    } catch {
      // It was closed already.
    }
}
