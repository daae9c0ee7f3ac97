import { capitalize, chars, lines, pad, replace, rsplit, split, strip } from '../../text/python-text.ts'
import { wrapLine } from '../../text/wrap-words.ts'
import { percent } from '../operators.ts'
import { anything, flag, named, nullable, optional, rest, shown, text, whole } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { repr, show, Tuple } from '../values.ts'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' }
const escaped = routine({ s: shown }, ({ s }) => s.replace(/[&<>'"]/g, char => escapes[char] ?? char))
const unescapes: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#34': '"' }
const withoutEntities = (value: string): string =>
  value.replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, name: string) => unescapes[name] ?? '')

/** Filters of texts and words. */
export const wordFilters: Routines = {
  upper: routine({ s: shown }, ({ s }) => s.toUpperCase()),
  lower: routine({ s: shown }, ({ s }) => s.toLowerCase()),
  // Other than the method, as Jinja2's own: words begin after blanks, dashes and brackets.
  title: routine({ s: shown }, ({ s }) =>
    s
      .split(/([-\s({[<]+)/)
      .map(word => capitalize(word))
      .join(''),
  ),
  capitalize: routine({ s: shown }, ({ s }) => capitalize(s)),
  trim: routine({ value: shown, chars: nullable(text) }, call => strip(call.value, call.chars)),
  string: routine({ s: anything }, ({ s }) => show(s)),
  replace: routine({ s: shown, old: shown, new: shown, count: nullable(whole) }, ({ s, old, new: to, count }) =>
    replace(s, old, { to, most: count ?? -1 }),
  ),
  center: routine({ value: shown, width: optional(whole, 80) }, ({ value, width }) =>
    pad(value, width, { side: 'both', fill: ' ' }),
  ),
  split: routine({ value: text, sep: nullable(text), maxsplit: optional(whole, -1) }, ({ value, sep, maxsplit }) =>
    split(value, sep, maxsplit),
  ),
  wordcount: routine({ s: shown }, ({ s }) => (s.match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  format: routine({ value: shown, args: rest(anything), keywords: named(anything) }, ({ value, args, keywords }) => {
    if (args.length > 0 && Object.keys(keywords).length > 0)
      throw new TypeError('format takes positional or named arguments, not both')
    return percent(value, args.length > 0 ? Tuple.of_(...args) : keywords)
  }),
  truncate: routine(
    {
      s: text,
      length: optional(whole, 255),
      killwords: optional(flag, false),
      end: optional(shown, '...'),
      leeway: nullable(whole),
    },
    ({ s, length, killwords, end, leeway }) => {
      const size = chars(end).length
      if (length < size) throw new RangeError(`truncate takes a length of ${size} or more, the end is that long`)
      if (leeway !== null && leeway < 0) throw new RangeError('truncate takes a leeway of 0 or more')
      const all = chars(s)
      if (all.length <= length + (leeway ?? 5)) return s
      const cut = all.slice(0, length - size).join('')
      return (killwords ? cut : (rsplit(cut, ' ', 1)[0] ?? '')) + end
    },
  ),
  indent: routine(
    { s: text, width: optional(anything, 4), first: optional(flag, false), blank: optional(flag, false) },
    ({ s, width, first, blank }) => {
      const by = typeof width === 'string' ? width : ' '.repeat(Math.max(0, whole.read(width)))
      const [head = '', ...others] = lines(`${s}\n`)
      const tail = others.map(line => (line === '' && !blank ? line : by + line))
      return [first ? by + head : head, ...tail].join('\n')
    },
  ),
  wordwrap: routine(
    {
      s: text,
      width: optional(whole, 79),
      break_long_words: optional(flag, true),
      wrapstring: nullable(text),
      break_on_hyphens: optional(flag, true),
    },
    ({ s, width, break_long_words, wrapstring, break_on_hyphens }) =>
      lines(s)
        .map(line => wrapLine(line, width, { breakLong: break_long_words, hyphens: break_on_hyphens }))
        .map(parts => parts.join(wrapstring ?? '\n'))
        .join(wrapstring ?? '\n'),
  ),
  escape: escaped,
  e: escaped,
  forceescape: escaped,
  safe: routine({ value: shown }, ({ value }) => value),
  striptags: routine({ value: shown }, ({ value }) =>
    split(withoutEntities(value.replace(/<!--[\s\S]*?-->|<[^>]*>/g, '')), null, -1).join(' '),
  ),
  quote: routine({ a: nullable(shown) }, ({ a }) =>
    a !== null && a !== '' && /^[\w@%+=:,./-]+$/.test(a) ? a : `'${(a ?? '').replaceAll("'", `'"'"'`)}'`,
  ),
  pprint: routine({ value: anything }, ({ value }) => repr(value)),
}
