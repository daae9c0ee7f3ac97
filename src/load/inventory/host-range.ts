import { isIPv6 } from 'node:net'

/** What is wrong with a host's name, and what to do about it. Who reads the file knows the place. */
export class InvalidHostName extends Error {
  override readonly name = 'InvalidHostName'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

export interface HostNames {
  readonly names: readonly string[]
  readonly port?: number
}

// `web[1:999999999]` is a slip, not a fleet: stop before memory does.
const MOST_HOSTS = 100_000
const SHAPE = 'a range is [first:last] or [first:last:step], of numbers or of single letters'
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** `web[01:20].example.com:2222`: the hosts that such a name stands for, in order, and their port. */
export function expandHosts(text: string): HostNames {
  checkHostName(text)
  const { host, port } = splitPort(text)
  const names = expandRanges(host)
  return port === undefined ? { names } : { names, port }
}

/** Names reach command lines and screens: one that starts as an option, or holds what cannot be seen, is refused. */
export function checkHostName(name: string): void {
  if (name.startsWith('-'))
    throw new InvalidHostName(
      `a host's name cannot start with '-'`,
      'is this YAML? then the name of the file ends with .yml',
    )
  if (name === '' || /[\s\p{Cc}\p{Cf}]/u.test(name))
    throw new InvalidHostName(`${JSON.stringify(name)} is no host's name`)
}

const splitPort = (text: string): { readonly host: string; readonly port?: number } => {
  if (isIPv6(text)) return { host: text }
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text)
  if (bracketed?.[1] !== undefined && isIPv6(bracketed[1])) return { host: bracketed[1], ...portOf(bracketed[2], text) }
  const colon = text.lastIndexOf(':')
  if (!/:(?![^[]*\])/.test(text)) return { host: text }
  const host = text.slice(0, colon)
  const port = /^\d+$/.exec(text.slice(colon + 1))?.[0]
  if (port === undefined || host === '' || /:(?![^[]*\])/.test(host))
    throw new InvalidHostName(`'${text}' is no host's name`, 'write host, host:port or [ipv6-address]:port')
  return { host, ...portOf(port, text) }
}

const portOf = (digits: string | undefined, text: string): { readonly port?: number } => {
  if (digits === undefined) return {}
  const port = Number(digits)
  if (port < 1 || port > 65535) throw new InvalidHostName(`the port of '${text}' is not between 1 and 65535`)
  return { port }
}

// A name may hold several ranges: the last one counts fastest, as digits do.
const expandRanges = (text: string): readonly string[] => {
  let names = ['']
  let from = 0
  for (const range of text.matchAll(/\[([^\][]*:[^\][]*)\]/g)) {
    const before = text.slice(from, range.index)
    const steps = rangeOf(range[1] ?? '')
    if (names.length * steps.length > MOST_HOSTS) throw tooMany(text)
    names = names.flatMap(name => steps.map(step => `${name}${before}${step}`))
    from = range.index + range[0].length
  }
  const rest = text.slice(from)
  // What is left of brackets is a slip of the hand, never part of a name.
  const bracket = /\[[^\]]*\]?|\]/.exec(text.replace(/\[[^\][]*:[^\][]*\]/g, ''))
  if (bracket !== null) throw new InvalidHostName(`'${bracket[0]}' is no range of hosts`, SHAPE)
  return rest === '' ? names : names.map(name => name + rest)
}

const rangeOf = (inside: string): readonly string[] => {
  const [begin = '', end = '', by = '1', ...more] = inside.split(':')
  const first = begin === '' ? '0' : begin
  if (!/^[1-9]\d*$/.test(by) || more.length > 0) throw new InvalidHostName(`'[${inside}]' is no range of hosts`, SHAPE)
  const step = Number(by)
  if (/^[A-Za-z]$/.test(first) && /^[A-Za-z]$/.test(end))
    return count(letters.indexOf(first), letters.indexOf(end), step, inside).map(i => letters[i] ?? '')
  if (!/^\d+$/.test(first) || !/^\d+$/.test(end)) throw new InvalidHostName(`'[${inside}]' is no range of hosts`, SHAPE)
  const padded = first.length > 1 && first.startsWith('0')
  if (padded && first.length !== end.length)
    throw new InvalidHostName(`both ends of '[${inside}]' must have as many digits`, 'write [01:20] or [1:20]')
  return count(Number(first), Number(end), step, inside).map(i => String(i).padStart(padded ? first.length : 0, '0'))
}

const count = (first: number, last: number, step: number, inside: string): readonly number[] => {
  if (first > last) throw new InvalidHostName(`the range '[${inside}]' ends before it begins`)
  const length = Math.floor((last - first) / step) + 1
  if (length > MOST_HOSTS) throw tooMany(`[${inside}]`)
  return Array.from({ length }, (_, i) => first + i * step)
}

const tooMany = (text: string) => new InvalidHostName(`'${text}' stands for more than ${MOST_HOSTS} hosts`)
