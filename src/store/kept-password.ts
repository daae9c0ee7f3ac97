import { readFileSync, statSync } from 'node:fs'

const LARGEST = 64 * 1024

/** The text of a file of a password, `undefined` where there is none. Throws an `Error` for one that cannot be read. */
export function keptPassword(path: string): string | undefined {
  try {
    const found = statSync(path)
    // A pipe or a device may never come to its end.
    if (!found.isFile() && !found.isDirectory()) throw new Error('it is no plain file')
    if (found.size > LARGEST) throw new Error('it is too large for a password')
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
