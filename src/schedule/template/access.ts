import { format } from './format.ts'
import { solid } from './solid.ts'
import { compare, equal, isDict, iterate, plain, show, Tuple, typeName, Undefined } from './values.ts'

type Method = (...args: readonly unknown[]) => unknown

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError(`a text is expected, not '${typeName(value)}'`)
  return value
}

const strip = (value: string, chars: unknown, sides: 'both' | 'left' | 'right'): string => {
  const set = chars === undefined || chars === null ? ' \t\n\r\f\v' : text(chars)
  let start = 0
  let end = value.length
  if (sides !== 'right') while (start < end && set.includes(value[start] as string)) start++
  if (sides !== 'left') while (end > start && set.includes(value[end - 1] as string)) end--
  return value.slice(start, end)
}

const split = (value: string, by: unknown, most: unknown): readonly string[] => {
  const limit = most === undefined || most === -1 ? Number.POSITIVE_INFINITY : Number(most)
  if (by === undefined || by === null) {
    const words = value.trim() === '' ? [] : value.trim().split(/\s+/)
    return words.length <= limit + 1
      ? words
      : [...words.slice(0, limit), value.trim().split(/\s+/).slice(limit).join(' ')]
  }
  if (by === '') throw new TypeError('an empty separator')
  const parts = value.split(text(by))
  return parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(text(by))]
}

const capital = (value: string): string => value.charAt(0).toUpperCase() + value.slice(1).toLowerCase()

const anyOf = (options: unknown, holds: (one: string) => boolean): boolean =>
  Array.isArray(options) ? options.some(one => holds(text(one))) : holds(text(options))

// The only methods there are. Nothing of JavaScript's own prototypes can be named.
const ofText: Readonly<Record<string, (value: string) => Method>> = {
  upper: value => () => value.toUpperCase(),
  lower: value => () => value.toLowerCase(),
  capitalize: value => () => capital(value),
  title: value => () => value.toLowerCase().replace(/[\p{L}]+/gu, word => word.charAt(0).toUpperCase() + word.slice(1)),
  istitle: value => () =>
    /\p{L}/u.test(value) && (value.match(/\p{L}+/gu) ?? []).every(word => /^\p{Lu}\P{Lu}*$/u.test(word)),
  casefold: value => () => value.toLowerCase().replaceAll('ß', 'ss'),
  isnumeric: value => () => /^\p{N}+$/u.test(value),
  isdecimal: value => () => /^\p{Nd}+$/u.test(value),
  isidentifier: value => () => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(value),
  isascii: value => () => /^[\0-\x7f]*$/.test(value),
  expandtabs: value => size => expandTabs(value, size === undefined ? 8 : Number(size)),
  swapcase: value => () =>
    [...value].map(char => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
  strip: value => chars => strip(value, chars, 'both'),
  lstrip: value => chars => strip(value, chars, 'left'),
  rstrip: value => chars => strip(value, chars, 'right'),
  split: value => (by, most) => split(value, by, most),
  splitlines: value => () =>
    value
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .filter((_, i, all) => all.length > 1 || value !== '' || i > 0),
  rsplit: value => (by, most) => {
    const parts = by === undefined || by === null ? value.trim().split(/\s+/) : value.split(text(by))
    if (by === undefined || by === null) {
      const most_ = most === undefined ? parts.length : Number(most)
      if (value.trim() === '') return []
      if (parts.length <= most_ + 1) return parts
      const tail = parts.slice(parts.length - most_)
      // What is left keeps its own blanks.
      let rest = value.trimEnd()
      for (const word of tail.toReversed()) rest = rest.slice(0, rest.length - word.length).trimEnd()
      return [rest, ...tail]
    }
    const limit = most === undefined ? parts.length : Number(most)
    const cut = Math.max(1, parts.length - limit)
    return [parts.slice(0, cut).join(typeof by === 'string' ? by : ' '), ...parts.slice(cut)]
  },
  partition: value => by => {
    const at = value.indexOf(text(by))
    return at < 0 ? Tuple.of_(value, '', '') : Tuple.of_(value.slice(0, at), by, value.slice(at + text(by).length))
  },
  rpartition: value => by => {
    const at = value.lastIndexOf(text(by))
    return at < 0 ? Tuple.of_('', '', value) : Tuple.of_(value.slice(0, at), by, value.slice(at + text(by).length))
  },
  join: value => items => iterate(items).map(text).join(value),
  replace: value => (from, to, most) => {
    if (most === undefined) return value.replaceAll(text(from), text(to).replaceAll('$', '$$$$'))
    let left = value
    let out = ''
    for (let i = 0; i < Number(most); i++) {
      const at = left.indexOf(text(from))
      if (at < 0) break
      out += left.slice(0, at) + text(to)
      left = left.slice(at + text(from).length)
    }
    return out + left
  },
  startswith: value => (options, from, to) => anyOf(options, one => part(value, from, to).startsWith(one)),
  endswith: value => (options, from, to) => anyOf(options, one => part(value, from, to).endsWith(one)),
  removeprefix: value => one => (value.startsWith(text(one)) ? value.slice(text(one).length) : value),
  removesuffix: value => one =>
    text(one) !== '' && value.endsWith(text(one)) ? value.slice(0, -text(one).length) : value,
  find: value => (one, from) => value.indexOf(text(one), Number(from ?? 0)),
  rfind: value => one => value.lastIndexOf(text(one)),
  index: value => (one, from) => found(value.indexOf(text(one), Number(from ?? 0))),
  rindex: value => one => found(value.lastIndexOf(text(one))),
  count: value => one => value.split(text(one)).length + (one === '' ? 1 : -1),
  isdigit: value => () => /^\p{Nd}+$/u.test(value),
  isalpha: value => () => /^\p{L}+$/u.test(value),
  isalnum: value => () => /^[\p{L}\p{Nd}]+$/u.test(value),
  isspace: value => () => /^\s+$/.test(value),
  isupper: value => () => value !== value.toLowerCase() && value === value.toUpperCase(),
  islower: value => () => value !== value.toUpperCase() && value === value.toLowerCase(),
  zfill: value => width =>
    /^[+-]/.test(value)
      ? value.charAt(0) + value.slice(1).padStart(Number(width) - 1, '0')
      : value.padStart(Number(width), '0'),
  ljust: value => (width, fill) => value.padEnd(Number(width), (fill as string) ?? ' '),
  rjust: value => (width, fill) => value.padStart(Number(width), (fill as string) ?? ' '),
  center: value => (width, fill) => {
    const room = Math.max(0, Number(width) - value.length)
    // Python gives the odd blank to the left when the width is odd too.
    const left = Math.floor(room / 2) + (room & Number(width) & 1)
    const pad = (fill as string | undefined) ?? ' '
    return pad.repeat(left) + value + pad.repeat(room - left)
  },
  format: value =>
    named((...all) =>
      format(value, all.slice(0, -1), {
        keywords: all.at(-1) as Readonly<Record<string, unknown>>,
        item: (from, key) => solid(lookup(from, key, { line: 1, column: 1, path: String(key) })),
      }),
    ),
  encode: value => () => value,
}

/** A method that takes named arguments too: they come last. */
const named = (method: Method): Method => Object.assign(method, { keywords: true })

const part = (value: string, from: unknown, to: unknown): string =>
  value.slice(Number(from ?? 0), to === undefined ? undefined : Number(to))

const found = (at: number): number => {
  if (at < 0) throw new TypeError('substring not found')
  return at
}

const expandTabs = (value: string, size: number): string => {
  let column = 0
  return [...value]
    .map(char => {
      if (char === '\t') {
        const blanks = size === 0 ? 0 : size - (column % size)
        column += blanks
        return ' '.repeat(blanks)
      }
      column = char === '\n' ? 0 : column + 1
      return char
    })
    .join('')
}

const ofList: Readonly<Record<string, (value: unknown[]) => Method>> = {
  append: value => item => {
    value.push(item)
    return null
  },
  extend: value => items => {
    value.push(...iterate(items))
    return null
  },
  pop: value => at => (at === undefined ? value.pop() : value.splice(Number(at), 1)[0]),
  index: value => item => {
    const at = value.findIndex(one => equal(one, item))
    if (at < 0) throw new TypeError('the value is not in the list')
    return at
  },
  count: value => item => value.filter(one => equal(one, item)).length,
  insert: value => (at, item) => {
    value.splice(Number(at), 0, item)
    return null
  },
  copy: value => () => [...value],
  remove: value => item => {
    const at = value.findIndex(one => equal(one, item))
    if (at < 0) throw new TypeError('the value is not in the list')
    value.splice(at, 1)
    return null
  },
  reverse: value => () => {
    value.reverse()
    return null
  },
  sort: value => () => {
    value.sort(compare)
    return null
  },
}

type Map_ = Record<string, unknown>

/** Sets an own property, also one named `__proto__`. */
const put = (target: Map_, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const ofDict: Readonly<Record<string, (value: Map_) => Method>> = {
  items: value => () => Object.entries(value).map(([key, item]) => Tuple.of_(key, item)),
  keys: value => () => Object.keys(value),
  values: value => () => Object.values(value),
  get: value => (key, otherwise) => (Object.hasOwn(value, show(key)) ? value[show(key)] : (otherwise ?? null)),
  copy: value => () => ({ ...value }),
  update: value => other => {
    if (isDict(other)) for (const [key, item] of Object.entries(other)) put(value, key, item)
    return null
  },
  setdefault: value => (key, otherwise) => {
    if (!Object.hasOwn(value, show(key))) put(value, show(key), otherwise ?? null)
    return value[show(key)]
  },
  pop: value => (key, otherwise) => {
    const name = show(key)
    const had = Object.hasOwn(value, name) ? value[name] : otherwise
    delete value[name]
    return had
  },
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

export interface Place {
  readonly line: number
  readonly column: number
  readonly path: string
}

/** `value[key]` and `value.key`: own items only, then the allowed methods. What is not there is `Undefined`. */
export function lookup(subject: unknown, rawKey: unknown, place: Place): unknown {
  const key = plain(rawKey)
  const missing = (why?: string) => new Undefined(place.path, { ...place, why })
  if (subject instanceof Undefined)
    return new Undefined(place.path, {
      line: subject.line,
      column: subject.column,
      why: `'${subject.path}' is undefined`,
    })
  if (subject === null) return missing(`it is read from a None`)
  if (typeof subject === 'string' || Array.isArray(subject)) {
    if (
      typeof key === 'number' ||
      typeof key === 'bigint' ||
      (typeof key === 'string' && Array.isArray(subject) && /^\d+$/.test(key))
    ) {
      const at = Number(key) < 0 ? Number(key) + subject.length : Number(key)
      const chars = typeof subject === 'string' ? [...subject] : subject
      return at >= 0 && at < chars.length ? chars[at] : missing(`the index is outside of 0..${chars.length - 1}`)
    }
    if (subject instanceof Tuple && (key === 'grouper' || key === 'list') && Object.hasOwn(subject, key))
      return (subject as unknown as Readonly<Record<string, unknown>>)[key]
    const method =
      typeof subject === 'string' ? own(ofText, String(key))?.(subject) : own(ofList, String(key))?.(subject)
    return method ?? missing()
  }
  if (isDict(subject)) {
    const name = typeof key === 'string' ? key : show(key)
    if (Object.hasOwn(subject, name)) return subject[name]
    return own(ofDict, name)?.(subject as Map_) ?? missing(`it has ${keysOf(subject)}`)
  }
  return missing()
}

/** The method of a dict whose own key hides it: `d.items()` means the method, whatever `d` holds. */
export const hiddenMethod = (subject: unknown, name: unknown): Method | undefined =>
  isDict(subject) && typeof name === 'string' ? own(ofDict, name)?.(subject as Map_) : undefined

const keysOf = (subject: object): string => {
  const keys = Object.keys(subject)
  return keys.length === 0 ? 'no keys' : `the keys ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ', ...' : ''}`
}

/** Python's slice of a list or text. */
export function slice(subject: unknown, from: readonly [unknown, unknown, unknown]): unknown {
  const isText = typeof subject === 'string'
  if (!isText && !Array.isArray(subject)) throw new TypeError(`'${typeName(subject)}' cannot be sliced`)
  const items: readonly unknown[] = isText ? [...subject] : subject
  const [start, stop, step] = from.map(part => (part === null || part === undefined ? undefined : Number(plain(part))))
  const by = step ?? 1
  if (by === 0) throw new TypeError('a slice step cannot be zero')
  const bound = (value: number | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise
    const at = value < 0 ? value + items.length : value
    return by > 0 ? Math.min(Math.max(at, 0), items.length) : Math.min(Math.max(at, -1), items.length - 1)
  }
  const picked: unknown[] = []
  if (by > 0) for (let i = bound(start, 0); i < bound(stop, items.length); i += by) picked.push(items[i])
  else for (let i = bound(start, items.length - 1); i > bound(stop, -1); i += by) picked.push(items[i])
  return isText ? picked.join('') : subject instanceof Tuple ? Tuple.of_(...picked) : picked
}

/** Python's `in`. */
export function contains(container: unknown, item: unknown): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new TypeError(`'in <text>' takes a text, not '${typeName(item)}'`)
    return container.includes(item)
  }
  if (Array.isArray(container)) return container.some(one => equal(one, item))
  if (isDict(container)) return Object.hasOwn(container, show(item))
  throw new TypeError(`'${typeName(container)}' holds nothing to look in`)
}
