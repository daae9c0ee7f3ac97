import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import { Fault } from '../model/fault.ts'

/** Asks the person at the terminal, whatever stdin and stdout are; a password is not shown. Throws a `Fault` without a terminal. */
export async function ask(prompt: string, shown: boolean): Promise<string> {
  let terminal: number
  try {
    terminal = openSync('/dev/tty', 'r+')
  } catch {
    throw new Fault('ask', `cannot ask for the ${prompt}: there is no terminal`, {
      hint: '--become-password-file and --connection-password-file give passwords without one; an ssh-agent opens keys',
    })
  }
  writeSync(terminal, `${prompt}: `)
  if (shown) {
    const bytes = Buffer.alloc(1024)
    const read = readSync(terminal, bytes)
    closeSync(terminal)
    return bytes.subarray(0, read).toString().trim()
  }
  const stream = new ReadStream(terminal)
  stream.setRawMode(true)
  let typed = ''
  return await new Promise((resolve, reject) => {
    const end = () => {
      stream.setRawMode(false)
      writeSync(terminal, '\n')
      stream.destroy()
    }
    stream.on('data', (chunk: Buffer) => {
      for (const character of chunk.toString()) {
        if (character === '\r' || character === '\n') {
          end()
          return resolve(typed)
        }
        if (character === '\x03' || character === '\x04') {
          end()
          return reject(new Fault('ask', 'no password was given'))
        }
        typed = character === '\x7f' || character === '\b' ? typed.slice(0, -1) : typed + character
      }
    })
  })
}
