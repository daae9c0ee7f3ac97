import { readFileSync } from 'node:fs'
import { Fault } from '../../model/fault.ts'

/** A file of the user's, as text. Throws a `Fault` for one that cannot be read or that is not UTF-8. */
export function readText(file: string, asked: { readonly at?: Fault['at'] } = {}): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new Fault('file', cannotRead(file, error as NodeJS.ErrnoException), { ...asked, cause: error })
  }
  const text = bytes.toString('utf8')
  // Every byte that is no UTF-8 became this character; a file may hold it by right too.
  if (text.includes('\ufffd') && !Buffer.from(text, 'utf8').equals(bytes)) {
    const before = text.slice(0, text.indexOf('\ufffd'))
    throw new Fault('file', text.includes('\0') ? 'this is not a text file' : 'this file is not UTF-8', {
      at: { file, line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') },
      hint: text.includes('\0') ? 'is it the right file?' : 'save it as UTF-8: iconv -f latin1 -t utf-8 helps',
    })
  }
  return text
}

export const cannotRead = (file: string, error: NodeJS.ErrnoException): string =>
  error.code === 'ENOENT'
    ? `there is no file '${file}'`
    : error.code === 'EISDIR'
      ? `'${file}' is a folder, a file is expected`
      : `cannot read '${file}': ${error.code === 'EACCES' ? 'permission denied' : error.message}`
