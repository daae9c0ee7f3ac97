import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { rethrowBug } from '../text/rethrow-bug.ts'

/**
 * Writes a file of the controller's own (0600) that was not there: whole and on the disk, or not at all. False when
 * somebody else made it meanwhile. Throws what the system says.
 */
export function keepFile(path: string, text: string, unique: string): boolean {
  const folder = dirname(path)
  makeFolder(folder)
  const draft = join(folder, `.${basename(path)}.${unique}`)
  const file = openSync(draft, 'wx', 0o600)
  try {
    try {
      const bytes = Buffer.from(text)
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    // A link takes no name that is taken: two runs side by side cannot both believe that theirs was kept.
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
    syncFolder(folder)
  }
}

// Not by Node's `recursive`: it goes round for ever where a file system has no room for folders (/proc).
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

// The name of a new file is kept by its folder. Not every file system lets a folder be opened.
const syncFolder = (folder: string): void => {
  try {
    const handle = openSync(folder, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    rethrowBug(error)
  }
}
