import { matches } from '../../text/regex/regex.ts'
import { substitute } from '../../text/regex/substitute.ts'
import { flag, oneOf, optional, rest, shown, text, whole } from '../parameters.ts'
import { explained, firstMatch, regexOf, spending } from '../regex.ts'
import { type Routines, routine } from '../routine.ts'

const ignorecase = optional(flag, false)
const multiline = optional(flag, false)

/** A group as `regex_search` takes it: `\1` or `\g<name>`. */
const groupOf = (text_: string): string | number => {
  const named = /^\\g<(\S+)>/.exec(text_)
  if (named !== null) return /^\d+$/.test(named[1] ?? '') ? Number(named[1]) : (named[1] ?? '')
  const numbered = /^\\(\d+)/.exec(text_)
  if (numbered === null) throw new TypeError(`regex_search takes groups such as '\\1' or '\\g<name>', not '${text_}'`)
  return Number(numbered[1])
}

export const regexFilters: Routines = {
  regex_replace: routine(
    {
      value: shown,
      pattern: optional(text, ''),
      replacement: optional(text, ''),
      ignorecase,
      multiline,
      count: optional(whole, 0),
      mandatory_count: optional(whole, 0),
    },
    ({ value, pattern, replacement, count, mandatory_count, ...flags }, context) => {
      const regex = regexOf(pattern, flags)
      const how = { by: replacement, most: count, onSteps: spending(pattern, context) }
      const made = explained(replacement, () => substitute(regex, value, how))
      if (mandatory_count !== 0 && made.count !== mandatory_count)
        throw new TypeError(`'${pattern}' should match ${mandatory_count} times, it matches ${made.count} times`)
      return made.text
    },
  ),
  regex_search: routine(
    { value: shown, regex: text, groups: rest(text), ignorecase, multiline },
    ({ value, regex, groups, ...flags }, context) => {
      const wanted = groups.map(groupOf)
      const { names, groups: most } = regexOf(regex, flags)
      const indexes = wanted.map(group => (typeof group === 'number' ? group : names.get(group)))
      const unknown = wanted.find((_, i) => indexes[i] === undefined || (indexes[i] as number) > most)
      const found = firstMatch(value, { source: regex, flags, way: 'search' }, context)
      if (found === undefined) return null
      if (unknown !== undefined) throw new TypeError(`'${regex}' has no group '${unknown}'`)
      return wanted.length === 0 ? found.groups[0] : indexes.map(index => found.groups[index as number] ?? null)
    },
  ),
  regex_findall: routine({ value: shown, regex: text, multiline, ignorecase }, ({ value, regex, ...flags }, context) =>
    [...matches(regexOf(regex, flags), value, { onSteps: spending(regex, context) })].map(({ groups }) => {
      const texts = groups.map(group => group ?? '')
      return texts.length <= 2 ? texts.at(-1) : texts.slice(1)
    }),
  ),
  regex_escape: routine(
    { string: shown, re_type: optional(oneOf('python', 'posix_basic'), 'python') },
    ({ string, re_type }) =>
      re_type === 'python'
        ? string.replace(/[\t\n\v\f\r #$&()*+\-.?[\\\]^{|}~]/g, '\\$&')
        : string.replace(/[\][.^$*\\]/g, '\\$&'),
  ),
}
