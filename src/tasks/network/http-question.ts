import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { readAddress } from './http-address.ts'
import { listOf, type Params } from './http-params.ts'
import { askHttp, type HttpRequest } from './http-request.ts'

/** Seconds that a look ahead of time may take: a server that hangs is not to hold up all the other looks. */
const QUICK_LOOK = 3

// RFC 9110: what these ask for changes nothing on a server. TRACE does not either, but no server is asked for it.
export const acts = ({ method }: Params): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase())

/** sh that asks and reports the reply. */
export const asking = (p: Params, patient: boolean): Script => {
  const request = requestOf(p, patient)
  if (typeof request === 'string') return nothing
  const again = {
    codes: listOf(p.status),
    on: p.retry_on ?? [],
    retries: patient ? p.retries : 0,
    delay: p.delay,
  }
  return lines(askHttp(request, again), sh`fact reply "$reply"`)
}

/** The request, or why there cannot be one. */
export const requestOf = (p: Params, patient: boolean): HttpRequest | string => {
  const address = readAddress(p.url)
  if (typeof address === 'string') return address
  const headers = (p.headers ?? {}) as Readonly<Record<string, unknown>>
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return `'${name}' cannot be the name of a header`
    if (/[\r\n\0]/.test(String(value))) return `the header ${name} holds a line break: it would end there`
  }
  const [, host = '', port] = /^\[?(.+?)\]?:(\d+)$/.exec(p.connect_to ?? '') ?? []
  return {
    address,
    method: p.method.toUpperCase(),
    headers,
    body: p.body,
    user: p.user ?? address.user,
    password: p.user === undefined ? address.password : p.password,
    validateCerts: p.validate_certs,
    ca: p.ca_cert,
    connectTo: port === undefined ? undefined : { host, port: Number(port) },
    follow: p.follow_redirects,
    timeout: patient ? p.timeout : Math.min(p.timeout, QUICK_LOOK),
  }
}
