import type { Event, TaskEvent } from '../model/event.ts'
import { type Paint, paintWith } from '../text/colour.ts'
import { showAt } from '../text/position.ts'
import { visibleLine } from '../text/visible.ts'
import { recap } from './recap.ts'
import { taskLines } from './task-lines.ts'
import { plural } from './words.ts'

type Of<Name extends Event['event']> = Extract<Event, { readonly event: Name }>
interface TranscriptOptions {
  readonly colour: boolean
  readonly diff: boolean
  readonly verbosity: number
  /** Leaves out what went well and changed nothing: other rows count it. */
  readonly brief?: boolean
}
// One very long name must not push all the others' tasks to the right.
const WIDEST = 30

/** A run as lines for a person, event by event. It remembers only what the next line's look depends on. */
export class Transcript {
  readonly #options: TranscriptOptions
  readonly #paint: Paint
  #check = false
  #width = 0
  #begun = false

  constructor(options: TranscriptOptions) {
    this.#options = options
    this.#paint = paintWith(options.colour)
  }

  lines(event: Event): readonly string[] {
    switch (event.event) {
      case 'run':
        this.#check = event.check
        return []
      case 'play':
        return this.#play(event)
      case 'task':
        return this.#task(event)
      case 'rollback':
        return this.#rollback(event)
      case 'notified':
        return event.state === 'owed' ? this.#owed(event) : []
      case 'warning': {
        const at = event.at === undefined ? '' : ` (${showAt(event.at)})`
        return [`${this.#paint('yellow', 'warning:')} ${visibleLine(`${event.message}${at}`)}`]
      }
      case 'interrupted': {
        const text = `interrupted by ${visibleLine(event.signal)}: what runs comes to its end, nothing new begins`
        return [this.#paint('yellow', text)]
      }
      case 'summary':
        return ['', ...recap(event, this.#paint).split('\n')]
      default:
        return []
    }
  }

  #play(event: Of<'play'>): readonly string[] {
    this.#width = Math.min(WIDEST, Math.max(0, ...event.hosts.map(host => visibleLine(host).length)))
    const batch = event.batch === undefined ? '' : `, batch ${event.batch[0]} of ${event.batch[1]}`
    const title = this.#paint('bold', `PLAY ${visibleLine(event.play)}`)
    const before = this.#begun ? [''] : []
    this.#begun = true
    return [...before, `${title}  (${plural(event.hosts.length, 'host')}${batch})`]
  }

  #task(event: TaskEvent): readonly string[] {
    const { verbosity, brief } = this.#options
    if (verbosity < 1 && event.status === 'skipped') return []
    // A message is what an ok task such as a debug exists for.
    if (verbosity < 1 && brief === true && event.status === 'ok' && event.message === undefined) return []
    return taskLines(event, { ...this.#options, check: this.#check, width: this.#width })
  }

  #rollback({ host, because, undone, kept }: Of<'rollback'>): readonly string[] {
    const rest = kept.length === 0 ? '' : `, ${plural(kept.length, 'change')} could not be`
    const head = `${visibleLine(host)}  because '${visibleLine(because)}' failed: ${plural(undone.length, 'change')} put back${rest}`
    return [
      `  ${this.#paint('magenta', 'rollback'.padEnd(this.#check ? 12 : 11))}  ${head}`,
      ...undone.map(what => `    ${this.#paint('green', 'put back:')} ${visibleLine(what)}`),
      ...kept.map(what => `    ${this.#paint('red', 'could not be put back:')} ${visibleLine(what)}`),
    ]
  }

  #owed({ host, handler }: Of<'notified'>): readonly string[] {
    const word = this.#paint('yellow', 'owed'.padEnd(this.#check ? 12 : 11))
    const name = visibleLine(host).padEnd(this.#width)
    return [`  ${word}  ${name}  ${visibleLine(handler)}  (handler notified, not run)`]
  }
}
