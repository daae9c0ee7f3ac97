import { openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { Fault } from '../model/fault.ts'
import { Interrupted } from '../run/ends.ts'
import { visible, visibleLine } from '../text/visible.ts'
import type { Stop } from './stop.ts'

interface Question {
  readonly prompt: string
  /** Whether what is typed may be seen. */
  readonly shown: boolean
  readonly stop: Stop
}

/**
 * Asks the person at the terminal, whatever stdin and stdout are. The run goes on meanwhile. Throws a `Fault` without a
 * terminal, and `Interrupted` when the run is stopped before there is an answer.
 */
export async function ask({ prompt, shown, stop }: Question): Promise<string> {
  if (stop.signal.aborted) throw new Interrupted()
  const { input, output } = terminal(prompt)
  const say = (text: string) => void output.write(text)
  let typed = ''
  try {
    input.setRawMode(true)
    // What a host asks is one line, whatever it holds; what --step shows before its question has lines of its own.
    say(`${shown ? visible(prompt) : visibleLine(prompt)}: `)
    return await new Promise<string>((resolve, reject) => {
      const interrupted = () => reject(new Interrupted())
      stop.signal.addEventListener('abort', interrupted, { once: true })
      // A terminal that is gone has hung up, whether or not its signal has come yet.
      const gone = () => stop.raise('SIGHUP')
      for (const stream of [input, output]) stream.on('error', gone)
      input.on('end', gone)
      input.on('data', (chunk: Buffer) => {
        for (const key of chunk.toString()) {
          if (key === '\r' || key === '\n') return resolve(typed)
          // In this mode the terminal makes no signal of it.
          if (key === '\x03') return stop.raise('SIGINT')
          if (key === '\x04' && typed === '') return reject(new Fault('ask', 'no answer was given'))
          if (key === '\x15') {
            if (shown) say('\b \b'.repeat([...typed].length))
            typed = ''
          } else if (key === '\x7f' || key === '\b') {
            if (shown && typed !== '') say('\b \b')
            typed = [...typed].slice(0, -1).join('')
          } else if (key >= ' ') {
            typed += key
            if (shown) say(key)
          }
        }
      })
    })
  } finally {
    leave(input, output)
  }
}

/** Asks one question after the other; `before` each the screen is cleared for it, and `after` it goes on. */
export function questionsFor(
  stop: Stop,
  screen: { readonly before: () => void; readonly after: () => void },
): (prompt: string, shown: boolean) => Promise<string> {
  let line: Promise<unknown> = Promise.resolve()
  return (prompt, shown) => {
    const answer = line.then(async () => {
      screen.before()
      try {
        return await ask({ prompt, shown, stop })
      } finally {
        screen.after()
      }
    })
    line = answer.catch(() => {})
    return answer
  }
}

function terminal(prompt: string): { readonly input: ReadStream; readonly output: WriteStream } {
  try {
    return { input: new ReadStream(openSync('/dev/tty', 'r')), output: new WriteStream(openSync('/dev/tty', 'w')) }
  } catch {
    throw new Fault('ask', `cannot ask for the ${visible(prompt)}: there is no terminal`, {
      hint: '--become-password-file and --connection-password-file give passwords without one; an ssh-agent opens keys',
    })
  }
}

// A terminal that is gone cannot be set back, and need not be.
function leave(input: ReadStream, output: WriteStream): void {
  for (const stream of [input, output]) stream.on('error', () => {})
  try {
    output.write('\n')
    input.setRawMode(false)
  } catch {}
  input.destroy()
  output.destroy()
}
