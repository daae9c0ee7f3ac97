import { type ParserOptions, parseEvents, YAMLException } from 'js-yaml'

type Events = ReturnType<typeof parseEvents>

export interface Parsed {
  /** Events whose offsets are those of the file. */
  readonly events: Events
  /** What was parsed: the file itself, or the file with more indentation in some lines. */
  readonly read: { readonly events: Events; readonly source: string }
}

/** Spaces put in front of a line at an offset of the text that was parsed. */
interface Added {
  readonly at: number
  readonly spaces: number
}

// Deeper than any file that is read: 100 levels of nesting are the most.
const SPACES = 1000
const MOST_TRIES = 200
const MOST_WORK = 4 * 1024 * 1024

/**
 * The events of a YAML text. YAML asks for lines inside of brackets and quotes to stand deeper than what holds them;
 * libyaml, which Ansible reads with, does not, and files in the field rely on it: such lines are read as if they did.
 * Throws a `YAMLException`.
 */
export function eventsOf(source: string, options: ParserOptions): Parsed {
  const added: Added[] = []
  let text = source
  let first: unknown
  for (;;) {
    try {
      const events = parseEvents(text, options)
      return { events: added.length === 0 ? events : moved(events, added), read: { events, source: text } }
    } catch (error) {
      first ??= error
      const at = shallowLine(error, text)
      // Each try reads the text again: what it costs stays bounded.
      if (at === undefined || added.length >= MOST_TRIES || (added.length + 1) * source.length > MOST_WORK) throw first
      added.push({ at, spaces: SPACES })
      text = `${text.slice(0, at)}${' '.repeat(SPACES)}${text.slice(at)}`
    }
  }
}

/** Where the line begins that the parser found too far to the left. */
const shallowLine = (error: unknown, text: string): number | undefined => {
  if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation' || error.mark === undefined)
    return undefined
  const start = text.lastIndexOf('\n', Math.max(0, error.mark.position - 1)) + 1
  return /^(?:---|\.\.\.|[ \t]*\t)|^ {1000}/.test(text.slice(start, start + SPACES)) ? undefined : start
}

const moved = (events: Events, added: readonly Added[]): Events => {
  const back = (offset: number): number =>
    added.reduceRight((at, { at: from, spaces }) => (at <= from ? at : Math.max(from, at - spaces)), offset)
  return events.map(event =>
    Object.fromEntries(
      Object.entries(event).map(([name, value]) => [
        name,
        typeof value === 'number' && value > 0 && /^(?:start|.*(?:Start|End))$/.test(name) ? back(value) : value,
      ]),
    ),
  ) as unknown as Events
}
