import { openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { Fault } from '../model/fault.ts'
import { Interrupted } from '../shell/interrupted.ts'
import { rethrowBug } from '../text/rethrow-bug.ts'
import { visible, visibleLine } from '../text/visible.ts'
import type { Stop } from './stop.ts'

interface Question {
  readonly prompt: string
  /** Whether the typed text is echoed. */
  readonly shown: boolean
  readonly stop: Stop
}

/**
 * Asks a question at the controlling terminal, whatever stdin and stdout are. Does not block the run. Throws a `Fault` when
 * there is no terminal, and `Interrupted` when the run is stopped before the answer.
 */
export async function ask({ prompt, shown, stop }: Question): Promise<string> {
  if (stop.signal.aborted) throw new Interrupted()
  const { input, output } = terminal(prompt)
  const say = (text: string) => void output.write(text)
  let typed = ''
  try {
    input.setRawMode(true)
    // A prompt that comes from a host is shown on one line; the prompt of --step has several.
    say(`${shown ? visible(prompt) : visibleLine(prompt)}: `)
    return await new Promise<string>((resolve, reject) => {
      const interrupted = () => reject(new Interrupted())
      stop.signal.addEventListener('abort', interrupted, { once: true })
      // A terminal that is gone counts as a hangup, whether or not SIGHUP has arrived.
      const gone = () => stop.raise('SIGHUP')
      for (const stream of [input, output]) stream.on('error', gone)
      input.on('end', gone)
      input.on('data', (chunk: Buffer) => {
        for (const key of chunk.toString()) {
          if (key === '\r' || key === '\n') return resolve(typed)
          // In raw mode Ctrl-C sends no signal.
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

/** Asks one question at a time. `before` clears the screen for a question, `after` resumes the report. */
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
  } catch (error) {
    rethrowBug(error)
    throw new Fault('ask', `cannot ask for the ${visible(prompt)}: there is no terminal`, {
      hint: '--become-password-file and --connection-password-file give passwords without one; an ssh-agent opens keys',
    })
  }
}

// A terminal that is gone cannot be reset, and need not be.
function leave(input: ReadStream, output: WriteStream): void {
  for (const stream of [input, output]) stream.on('error', () => {})
  try {
    output.write('\n')
    input.setRawMode(false)
  } catch (error) {
    rethrowBug(error)
  }
  input.destroy()
  output.destroy()
}
