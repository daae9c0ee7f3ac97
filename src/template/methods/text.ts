import { capitalize, chars, lines, pad, replace, rsplit, split, strip } from '../../text/python-text.ts'
import { format } from '../format.ts'
import { anything, flag, items, named, nullable, optional, rest, text, whole } from '../parameters.ts'
import { type Routine, type Routines, routine } from '../routine.ts'
import { solid } from '../solid.ts'
import { isDict, Tuple, typeName } from '../values.ts'

type Look = (value: unknown, key: string | number) => unknown

const one = (change: (value: string) => unknown): Routine => routine({ value: text }, ({ value }) => change(value))
const trimmed = (sides: 'both' | 'left' | 'right') =>
  routine({ value: text, chars: nullable(text) }, call => strip(call.value, call.chars, sides))
const padded = (side: 'left' | 'right' | 'both') =>
  routine({ value: text, width: whole, fillchar: optional(text, ' ') }, ({ value, width, fillchar }) =>
    pad(value, width, { side, fill: fillchar }),
  )
const affix = (holds: (value: string, affix: string) => boolean) =>
  routine(
    { value: text, prefix: anything, start: nullable(whole), end: nullable(whole) },
    ({ value, prefix, ...bounds }) => {
      const [from, to] = span(value, bounds.start, bounds.end)
      if (from > to) return false
      const within = chars(value).slice(from, to).join('')
      const all = prefix instanceof Tuple ? prefix.map(text.read) : [prefix]
      return all.some(each => {
        if (typeof each !== 'string')
          throw new TypeError(`a text or a tuple of texts is expected, not '${typeName(each)}'`)
        return holds(within, each)
      })
    },
  )

/** Bounds as Python's slices have them: negative ones count from the end. */
const span = (value: string, start: number | null, end: number | null): readonly [number, number] => {
  const size = chars(value).length
  const bound = (at: number) => (at < 0 ? Math.max(0, at + size) : at)
  return [bound(start ?? 0), Math.min(size, bound(end ?? size))]
}

const place = (last: boolean, must: boolean) =>
  routine({ value: text, sub: text, start: nullable(whole), end: nullable(whole) }, ({ value, sub, start, end }) => {
    const [from, to] = span(value, start, end)
    const all = chars(value)
    const within = from > to ? undefined : all.slice(from, to).join('')
    const at = within === undefined ? -1 : last ? within.lastIndexOf(sub) : within.indexOf(sub)
    if (at < 0 && must) throw new TypeError(`'${sub}' is not in the text`)
    return at < 0 ? -1 : from + chars((within as string).slice(0, at)).length
  })

const parted = (last: boolean) =>
  routine({ value: text, sep: text }, ({ value, sep }) => {
    if (sep === '') throw new TypeError('the separator is empty')
    const at = last ? value.lastIndexOf(sep) : value.indexOf(sep)
    if (at < 0) return last ? Tuple.of_('', '', value) : Tuple.of_(value, '', '')
    return Tuple.of_(value.slice(0, at), sep, value.slice(at + sep.length))
  })

const title = (value: string): string =>
  value.toLowerCase().replace(/\p{L}+/gu, word => word.charAt(0).toUpperCase() + word.slice(1))

const isTitle = (value: string): boolean =>
  /\p{L}/u.test(value) && (value.match(/\p{L}+/gu) ?? []).every(word => /^\p{Lu}\P{Lu}*$/u.test(word))

const expanded = (value: string, size: number): string => {
  let column = 0
  return chars(value)
    .map(char => {
      if (char === '\t') {
        const blanks = size <= 0 ? 0 : size - (column % size)
        column += blanks
        return ' '.repeat(blanks)
      }
      column = /[\r\n]/.test(char) ? 0 : column + 1
      return char
    })
    .join('')
}

/** The methods of a text. `look` reads the keys of values for `format`. */
export const textMethods = (look: Look): Routines => ({
  upper: one(value => value.toUpperCase()),
  lower: one(value => value.toLowerCase()),
  casefold: one(value => value.toLowerCase().replaceAll('ß', 'ss')),
  capitalize: one(capitalize),
  title: one(title),
  swapcase: one(value =>
    chars(value)
      .map(char => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()))
      .join(''),
  ),
  istitle: one(isTitle),
  isnumeric: one(value => /^\p{N}+$/u.test(value)),
  isdecimal: one(value => /^\p{Nd}+$/u.test(value)),
  isdigit: one(value => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨]+$/u.test(value)),
  isalpha: one(value => /^\p{L}+$/u.test(value)),
  isalnum: one(value => /^[\p{L}\p{N}]+$/u.test(value)),
  isspace: one(value => value !== '' && strip(value, null) === ''),
  isupper: one(value => value !== value.toLowerCase() && value === value.toUpperCase()),
  islower: one(value => value !== value.toUpperCase() && value === value.toLowerCase()),
  isidentifier: one(value => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(value)),
  isascii: one(value => /^[\0-\x7f]*$/.test(value)),
  isprintable: one(value => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(value)),
  expandtabs: routine({ value: text, tabsize: optional(whole, 8) }, ({ value, tabsize }) => expanded(value, tabsize)),
  strip: trimmed('both'),
  lstrip: trimmed('left'),
  rstrip: trimmed('right'),
  split: routine({ value: text, sep: nullable(text), maxsplit: optional(whole, -1) }, ({ value, sep, maxsplit }) =>
    split(value, sep, maxsplit),
  ),
  rsplit: routine({ value: text, sep: nullable(text), maxsplit: optional(whole, -1) }, ({ value, sep, maxsplit }) =>
    rsplit(value, sep, maxsplit),
  ),
  splitlines: routine({ value: text, keepends: optional(flag, false) }, ({ value, keepends }) =>
    lines(value, keepends),
  ),
  partition: parted(false),
  rpartition: parted(true),
  join: routine({ value: text, iterable: items }, ({ value, iterable }) =>
    iterable
      .map((item, i) => {
        if (typeof item !== 'string') throw new TypeError(`item ${i} is no text but '${typeName(item)}'`)
        return item
      })
      .join(value),
  ),
  replace: routine(
    { value: text, old: text, new: text, count: optional(whole, -1) },
    ({ value, old, new: to, count }) => replace(value, old, { to, most: count }),
  ),
  startswith: affix((value, prefix) => value.startsWith(prefix)),
  endswith: affix((value, suffix) => value.endsWith(suffix)),
  removeprefix: routine({ value: text, prefix: text }, ({ value, prefix }) =>
    value.startsWith(prefix) ? value.slice(prefix.length) : value,
  ),
  removesuffix: routine({ value: text, suffix: text }, ({ value, suffix }) =>
    suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  ),
  find: place(false, false),
  rfind: place(true, false),
  index: place(false, true),
  rindex: place(true, true),
  count: routine(
    { value: text, sub: text, start: nullable(whole), end: nullable(whole) },
    ({ value, sub, start, end }) => {
      const [from, to] = span(value, start, end)
      if (from > to) return 0
      const within = chars(value).slice(from, to)
      return sub === '' ? within.length + 1 : within.join('').split(sub).length - 1
    },
  ),
  zfill: routine({ value: text, width: whole }, ({ value, width }) => {
    const sign = /^[+-]/.exec(value)?.[0] ?? ''
    if (width > 16_000_000) throw new RangeError('that is too wide')
    const zeros = '0'.repeat(Math.max(0, width - chars(value).length))
    return sign + zeros + value.slice(sign.length)
  }),
  ljust: padded('left'),
  rjust: padded('right'),
  center: padded('both'),
  format: routine({ value: text, args: rest(anything), keywords: named(anything) }, ({ value, args, keywords }) =>
    format(value, args, { keywords, item: (from, key) => solid(look(from, key)) }),
  ),
  format_map: routine({ value: text, mapping: anything }, ({ value, mapping }) => {
    if (!isDict(mapping)) throw new TypeError(`format_map takes a dict, not '${typeName(mapping)}'`)
    return format(value, [], { keywords: mapping, item: (from, key) => solid(look(from, key)) })
  }),
  encode: routine({ value: text, encoding: optional(text, 'utf-8'), errors: optional(text, 'strict') }, call => {
    if (!/^utf-?8$/i.test(call.encoding))
      throw new TypeError('encode knows utf-8 only; b64encode takes other encodings')
    return call.value
  }),
})
