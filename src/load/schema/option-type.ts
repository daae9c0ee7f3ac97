import type { OptionType } from '../../model/role-spec.ts'
import { ExactNumber, Float } from '../../text/exact-number.ts'
import { rethrowBug } from '../../text/rethrow-bug.ts'
import { pythonLiteral } from '../inventory/python-literal.ts'

/** A value as Ansible takes it for a type, or what the type wants in words. */
export type Converted = { readonly value: unknown } | { readonly wanted: string; readonly hint?: string }

/**
 * Whether a value passes for the type of a role's option, as with Ansible: `"80"` is a whole number, `"yes"` a boolean,
 * 5 a text. One thing differs: only a list is a list. Ansible splits a text at its commas to look at it, but the role
 * sees the text all the same, letter by letter where it loops.
 */
export function converted(value: unknown, type: OptionType): Converted {
  switch (type) {
    case 'raw':
      return { value }
    case 'str':
    case 'path':
      return { value: textOf(value) }
    case 'int':
      return number(value, /^[+-]?\d[\d_]*(\.0*)?$|^[+-]?\d+[eE]\+?\d+$/, 'a whole number')
    case 'float':
      return number(value, /^[+-]?((\d[\d_]*)?\.?\d[\d_]*\.?([eE][+-]?\d+)?|inf(inity)?|nan)$/i, 'a number')
    case 'bool':
      return boolean(value)
    case 'list':
      return Array.isArray(value) ? { value } : { wanted: 'a list', ...asList(value) }
    case 'dict':
      return map(value)
    case 'json':
    case 'jsonarg':
      return typeof value === 'string' || isMap(value) || Array.isArray(value)
        ? { value }
        : { wanted: 'a text of JSON, a map or a list' }
    case 'bytes':
      return size(value, 'B', 'a number of bytes, such as 10M')
    case 'bits':
      return size(value, 'b', 'a number of bits, such as 10Mb')
  }
}

const textOf = (value: unknown): unknown => {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' || value instanceof ExactNumber ? String(value) : value
}

const number = (value: unknown, pattern: RegExp, wanted: string): Converted => {
  if (typeof value === 'boolean') return { value }
  if (typeof value !== 'string' && typeof value !== 'number' && !(value instanceof ExactNumber)) return { wanted }
  const word = (value instanceof Float ? String(value.value) : String(value)).trim()
  return pattern.test(word) ? { value: Number(word.replaceAll('_', '')) } : { wanted }
}

const boolean = (value: unknown): Converted => {
  if (typeof value === 'boolean') return { value }
  const word =
    value instanceof Float ? String(value.value) : typeof value === 'object' ? '' : String(value).toLowerCase().trim()
  if (/^(y|yes|on|1|true|t)$/.test(word)) return { value: true }
  if (/^(n|no|off|0|false|f)$/.test(word)) return { value: false }
  return { wanted: 'true or false' }
}

const asList = (value: unknown): { readonly hint?: string } => {
  if (typeof value === 'string') {
    const items = value.split(',').map(item => item.trim())
    return { hint: `write a list: [${items.map(quoted).join(', ')}]` }
  }
  return typeof value === 'number' ? { hint: `write a list: [${value}]` } : {}
}

const quoted = (word: string): string => (/^[A-Za-z_][\w./-]*$/.test(word) ? word : JSON.stringify(word))

// Ansible reads maps from texts as well: of JSON, or of key=value.
const map = (value: unknown): Converted => {
  const wanted = 'a map'
  if (isMap(value)) return { value }
  if (typeof value !== 'string') return { wanted }
  if (value.startsWith('{')) {
    const read = jsonOf(value) ?? pythonLiteral(value)
    return isMap(read) ? { value: read } : { wanted }
  }
  const pairs = value.split(/[, ]+/).filter(pair => pair !== '')
  if (pairs.length === 0 || !pairs.every(pair => pair.includes('='))) return { wanted }
  return {
    value: Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])),
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    rethrowBug(error)
    return undefined
  }
}

const size = (value: unknown, unit: 'B' | 'b', wanted: string): Converted => {
  const letters =
    /^\d*\.?\d+\s*([A-Za-z]*)\s*$/.exec(isMap(value) || Array.isArray(value) ? '' : String(textOf(value)))?.[1] ?? '?'
  const letter = letters.charAt(0).toUpperCase()
  const name = `${prefixes[letter] ?? ''}${unit === 'B' ? 'byte' : 'bit'}`
  const fits =
    letters === '' ||
    (Object.hasOwn(prefixes, letter) &&
      (letters.length === 1 || letters.toLowerCase() === name || letters === `${letter}${unit}`))
  return fits ? { value } : { wanted }
}

const prefixes: Readonly<Record<string, string>> = {
  B: '',
  K: 'kilo',
  M: 'mega',
  G: 'giga',
  T: 'tera',
  P: 'peta',
  E: 'exa',
  Z: 'zetta',
  Y: 'yotta',
}

const isMap = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof ExactNumber)
