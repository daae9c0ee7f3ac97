import { RegexError } from '../text/regex/node.ts'
import { compileRegex, type Match, matches, type Regex } from '../text/regex/regex.ts'
import type { Context } from './routine.ts'

export interface RegexFlags {
  readonly ignorecase: boolean
  readonly multiline: boolean
}

const LONGEST = 20_000
const known = new Map<string, Regex>()

/** A user's regular expression, compiled once. What is wrong with it is told with the place in it. */
export function regexOf(source: string, flags: RegexFlags): Regex {
  if (source.length > LONGEST) throw new RangeError(`a regular expression may have ${LONGEST} characters`)
  const key = `${flags.ignorecase ? 'i' : ''}${flags.multiline ? 'm' : ''}/${source}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made = explained(source, () => compileRegex(source, { i: flags.ignorecase, m: flags.multiline }))
  if (known.size > 1000) known.clear()
  known.set(key, made)
  return made
}

/** Runs something that reads a pattern or a replacement; its error says where in the text. */
export const explained = <T>(source: string, action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
    throw new TypeError(`the regular expression ${quoted(source)}: ${error.message} (at character ${error.at + 1})`, {
      cause: error,
    })
  }
}

const quoted = (source: string): string => (source.length > 80 ? `'${source.slice(0, 77)}...'` : `'${source}'`)

/** What counts the steps of a match, and ends one that takes too many with the pattern's name. */
export const spending =
  (source: string, context: Context) =>
  (steps: number): void => {
    try {
      context.spend(steps)
    } catch (error) {
      throw new RangeError(
        `the regular expression ${quoted(source)} needs too many steps on this text: it tries too many ways to match`,
        { cause: error },
      )
    }
  }

export type SearchMode = 'match' | 'search' | 'fullmatch'

/** The first match, as `re.search` or `re.match` find it. */
export function firstMatch(
  text: string,
  how: { readonly source: string; readonly flags: RegexFlags; readonly way: SearchMode },
  context: Context,
): Match | undefined {
  const source = how.way === 'fullmatch' ? `(?:${how.source})\\Z` : how.source
  const regex = regexOf(source, how.flags)
  const [first] = matches(regex, text, { anchored: how.way !== 'search', onSteps: spending(how.source, context) })
  return first
}
