import { Float, plain, repr, show } from './values.ts'

/** Python's `str.format`: `{}`, `{0}`, `{name}`, `{a[0]}`, `!r`, and a specification such as `:>8,.2f`. */
export function format(
  pattern: string,
  args: readonly unknown[],
  more: {
    readonly keywords: Readonly<Record<string, unknown>>
    /** `value.key` and `value[key]`. */
    readonly item: (value: unknown, key: string | number) => unknown
  },
): string {
  let next = 0
  const named = (name: string): unknown => {
    if (name === '' || /^\d+$/.test(name)) {
      const index = name === '' ? next++ : Number(name)
      if (index >= args.length) throw new TypeError(`the format wants ${index + 1} values, there are ${args.length}`)
      return args[index]
    }
    if (!Object.hasOwn(more.keywords, name)) throw new TypeError(`the format wants a value named '${name}'`)
    return more.keywords[name]
  }
  return pattern.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rs]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g,
    (all, field: string | undefined, how: string | undefined, given: string | undefined) => {
      if (all === '{{' || all === '}}') return all.charAt(0)
      if (field === undefined) throw new TypeError(`a single '${all}' in a format must be written twice`)
      const [, name = '', path = ''] = /^([^.[]*)(.*)$/s.exec(field) ?? []
      let value = named(name)
      for (const [, dotted, bracket = ''] of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g))
        value = more.item(value, dotted ?? (/^\d+$/.test(bracket) ? Number(bracket) : bracket))
      // A width may be a field itself: `{:>{w}}`.
      const spec = (given ?? '').replace(/\{(\w*)\}/g, (_, name: string) => show(named(name)))
      if (how !== undefined) return specified(how === 'r' ? repr(value) : show(value), spec)
      return specified(value, spec)
    },
  )
}

/** Python's `g`: so many digits, without zeros at the end, and with an exponent where that is shorter. */
export const general = (size: number, digits: number): string => {
  if (!Number.isFinite(size)) return String(size)
  const [, exponent = '0'] = /e(.+)$/.exec(size.toExponential(digits - 1)) ?? []
  const scale = Number(exponent)
  if (size !== 0 && (scale < -4 || scale >= digits))
    return size
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace(/e([+-])(\d)$/, 'e$10$2')
  const text = size.toFixed(Math.max(0, digits - 1 - scale))
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

const specified = (value: unknown, spec: string): string => {
  if (spec === '') return show(value)
  const found = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/s.exec(spec)
  if (found === null) throw new TypeError(`'${spec}' is no format`)
  const [, fill, align, sign = '-', hash, zero, width, group, precision, kind] = found
  const bare = plain(value)
  const numeric = typeof bare === 'number' || (typeof bare === 'boolean' && kind !== undefined)
  let body: string
  if (!numeric) {
    if (kind !== undefined && kind !== 's') throw new TypeError(`the format '${spec}' takes a number`)
    body = precision === undefined ? show(value) : show(value).slice(0, Number(precision))
  } else {
    const text = digits(value, Number(bare), { kind, precision, prefix: hash !== undefined })
    const grouped =
      group === undefined
        ? text
        : text.replace(/^(\w*?)(\d+)(?=\.|e|$)/, (_, a: string, b: string) => a + b.replace(/\B(?=(\d{3})+$)/g, group))
    body = (Number(bare) < 0 ? '-' : sign === '-' ? '' : sign) + grouped
  }
  const room = Number(width ?? 0) - [...body].length
  if (room <= 0) return body
  const pad = (fill ?? (zero === undefined ? ' ' : '0')).repeat(room)
  const side = align ?? (numeric ? (zero === undefined ? '>' : '=') : '<')
  if (side === '<') return body + pad
  if (side === '>') return pad + body
  if (side === '=') return /^[-+ ]/.test(body) ? body.charAt(0) + pad + body.slice(1) : pad + body
  const left = Math.floor(room / 2)
  return pad.slice(0, left) + body + pad.slice(left)
}

const digits = (
  value: unknown,
  number: number,
  how: { readonly kind: string | undefined; readonly precision: string | undefined; readonly prefix: boolean },
): string => {
  const size = Math.abs(number)
  const places = how.precision === undefined ? 6 : Number(how.precision)
  const twoDigits = (text: string) => text.replace(/e([+-])(\d)$/, 'e$10$2')
  switch (how.kind) {
    case 'f':
    case 'F':
      return size.toFixed(places)
    case '%':
      return `${(size * 100).toFixed(places)}%`
    case 'e':
    case 'E': {
      const text = twoDigits(size.toExponential(places))
      return how.kind === 'E' ? text.toUpperCase() : text
    }
    case 'x':
      return (how.prefix ? '0x' : '') + size.toString(16)
    case 'X':
      return (how.prefix ? '0X' : '') + size.toString(16).toUpperCase()
    case 'o':
      return (how.prefix ? '0o' : '') + size.toString(8)
    case 'b':
      return (how.prefix ? '0b' : '') + size.toString(2)
    case 'd':
    case 'n':
      return String(size)
    case 'g':
    case undefined:
      if (how.precision === undefined && how.kind === undefined)
        return value instanceof Float ? show(new Float(size)) : show(size)
      return general(size, Math.max(1, places))
    case 'c':
      return String.fromCodePoint(number)
    default:
      throw new TypeError(`'${how.kind}' is no kind of number`)
  }
}
