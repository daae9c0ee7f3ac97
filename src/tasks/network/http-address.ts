import { rethrowBug } from '../../text/rethrow-bug.ts'
/** An address as `http-check` takes it: asked for as it is written, told without its password. */
export interface HttpAddress {
  /** For curl: bytes beyond ASCII as a browser sends them, the rest as written. */
  readonly href: string
  readonly secure: boolean
  /** Without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  /** For the request line and the header `Host` of whoever speaks HTTP without curl. */
  readonly target: string
  readonly authority: string
  /** What stands in front of an @. */
  readonly user?: string
  readonly password?: string
}

/** Parts of an address, or why it is none. `URL` finds the host; what it makes of the path ("/a/../b" is "/b") is not asked for. */
export function readAddress(text: string): HttpAddress | string {
  if (/[\s\p{Cc}]/u.test(text))
    return `${shownAddress(text)} holds a blank or a control character: '| urlencode' makes one fit`
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?#]*)([^#]*)/i.exec(text) ?? []
  if (authority === '') return `${shownAddress(text)} is no address: http://HOST/PATH is wanted`
  let url: URL
  try {
    url = new URL(`${scheme}://${authority}/`)
  } catch (error) {
    rethrowBug(error)
    return `${shownAddress(text)} is no address: its host or its port cannot be`
  }
  // Servers may be named by patterns in their own configuration; nobody can be asked under such a name.
  if (/[*_~!$&'()+,;=]/.test(url.hostname) && !/^[\w.-]+$/.test(url.hostname))
    return `${shownAddress(text)} is no address: '${url.hostname}' is no name of a host`
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  const path = rest.startsWith('/') ? rest : `/${rest}`
  const target = path.replace(/[^\x21-\x7e]+/g, percentEncoded)
  const given = /:\d+$/.test(authority) ? `:${authority.slice(authority.lastIndexOf(':') + 1)}` : ''
  return {
    href: `${url.protocol}//${url.hostname}${given}${target}`,
    secure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    target,
    authority: url.host,
    ...(url.username === '' ? {} : { user: decoded(url.username), password: decoded(url.password) }),
  }
}

const percentEncoded = (part: string): string =>
  [...Buffer.from(part)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    rethrowBug(error)
    return part
  }
}

/** An address for a person's eyes. */
export const shownAddress = (text: string): string => text.replace(/^([a-z]+:\/\/[^/?#:@]*):[^/?#]*@/i, '$1:********@')
