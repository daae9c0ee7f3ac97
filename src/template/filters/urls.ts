import { nullable, oneOf, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'

const SCHEMES_END = /^([A-Za-z][A-Za-z0-9+.-]*):/

/** Python's `urllib.parse.urlsplit`: nothing is encoded, nothing left out. */
export function urlParts(text: string): Readonly<Record<string, string | number | null>> {
  let left = text.replace(/^[\0- ]+/, '').replace(/[\t\r\n]/g, '')
  const scheme = SCHEMES_END.exec(left)?.[1] ?? ''
  if (scheme !== '') left = left.slice(scheme.length + 1)
  let netloc = ''
  if (left.startsWith('//')) {
    const end = /[/?#]/.exec(left.slice(2))?.index
    netloc = end === undefined ? left.slice(2) : left.slice(2, 2 + end)
    left = left.slice(2 + netloc.length)
    if (netloc.includes('[') !== netloc.includes(']'))
      throw new TypeError('the brackets of the IPv6 address do not match')
  }
  const hash = left.indexOf('#')
  const fragment = hash < 0 ? '' : left.slice(hash + 1)
  if (hash >= 0) left = left.slice(0, hash)
  const mark = left.indexOf('?')
  const query = mark < 0 ? '' : left.slice(mark + 1)
  if (mark >= 0) left = left.slice(0, mark)
  const at = netloc.lastIndexOf('@')
  const account = at < 0 ? undefined : netloc.slice(0, at)
  const host = netloc.slice(at + 1)
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s.exec(host) ?? []
  const name = bracketed ?? plain
  if (port !== undefined && port !== '' && (!/^\d+$/.test(port) || Number(port) > 65535))
    throw new TypeError(`the port '${port}' is no number from 0 to 65535`)
  const colon = account?.indexOf(':') ?? -1
  return {
    fragment,
    hostname: name === '' ? null : name.toLowerCase(),
    netloc,
    password: account === undefined || colon < 0 ? null : account.slice(colon + 1),
    path: left,
    port: port === undefined || port === '' ? null : Number(port),
    query,
    scheme: scheme.toLowerCase(),
    username: account === undefined ? null : colon < 0 ? account : account.slice(0, colon),
  }
}

const PARTS = ['fragment', 'hostname', 'netloc', 'password', 'path', 'port', 'query', 'scheme', 'username'] as const

export const urlFilters: Routines = {
  urlsplit: routine({ value: text, query: nullable(oneOf('', ...PARTS)) }, ({ value, query }) => {
    const parts = urlParts(value)
    return query === null || query === '' ? parts : parts[query]
  }),
}
