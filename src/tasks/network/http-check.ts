import type { JsonObject } from '../../model/json.ts'
import { type Plan, taskType } from '../../model/task-type.ts'
import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { readAddress, shownAddress } from './http-address.ts'
import { type HttpReply, jsonOf, readReply } from './http-reply.ts'
import { askHttp, type HttpRequest } from './http-request.ts'

const oneOrMany = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } as const

const word = { type: ['string', 'number', 'boolean'] } as const

/** Seconds that a look ahead of time may take: a server that hangs is not to hold up all the other looks. */
const QUICK_LOOK = 3

export default taskType({
  name: 'http-check',
  summary: 'asks a web server, from the host itself, and judges the answer',
  example: {
    name: 'the site answers',
    params: { url: 'http://127.0.0.1:8080/', status: 200, body_contains: 'Welcome', retries: 10 },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    dependentRequired: { password: ['user'] },
    properties: {
      url: { type: 'string', pattern: '^https?://', description: 'http:// or https://' },
      method: {
        type: 'string',
        pattern: '^[A-Za-z]+$',
        default: 'GET',
        description: 'GET, HEAD and OPTIONS only look; any other is a change, which a dry run does not send',
      },
      status: {
        anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }],
        default: 200,
        description: 'the code that is right, or several',
      },
      headers: { type: 'object', additionalProperties: word, description: 'headers to send' },
      body: { type: 'string', description: 'what to send' },
      user: { type: 'string', description: 'for basic authentication' },
      password: { type: 'string' },
      body_contains: { ...oneOrMany, description: 'texts that the answer must hold' },
      response_headers: {
        type: 'object',
        additionalProperties: word,
        description: 'headers that must come, each with a text that it must hold',
      },
      response_lacks: { ...oneOrMany, description: 'headers that must not come' },
      follow_redirects: { type: 'boolean', default: false },
      validate_certs: { type: 'boolean', default: true },
      ca_cert: { type: 'string', description: 'a file of the host with certificates to trust' },
      connect_to: {
        type: 'string',
        pattern: '^(.+:[0-9]+|.*\\{\\{.*)$',
        description: 'HOST:PORT to connect to in place of the one in the URL',
      },
      timeout: { type: 'integer', minimum: 1, default: 10, description: 'seconds for one try' },
      retries: { type: 'integer', minimum: 0, default: 0, description: 'more tries while the code is another' },
      retry_on: {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 599 },
        description: 'codes that are worth another try, 0 for no answer; any wrong one unless said',
      },
      delay: { type: 'integer', minimum: 0, default: 1, description: 'seconds between tries' },
    },
  },
  shorthand: 'url',
  secrets: [['password']],
  waits: ({ timeout, retries, delay }) => ((retries ?? 0) + 1) * ((timeout ?? 10) + (delay ?? 1)),
  state: { type: 'object', properties: { reply: { type: 'string', contentEncoding: '8bit' } } },
  probe: (p, { patient }) => (acts(p) ? nothing : asking(p, patient)),
  plan: (params, { reply }, { pending, check }): Plan => {
    const request = requestOf(params, true)
    if (typeof request === 'string') return { changes: [], problem: request }
    if (acts(params)) {
      const what = `send ${request.method} ${shownAddress(params.url)}`
      const message = check ? `would ${what}` : undefined
      return { changes: [{ what, before: null, after: null, sh: asking(params, true) }], message }
    }
    if (pending.length > 0) return { changes: [], message: 'checked once these changes are made' }
    return { changes: [], ...judged(params, readReply(reply ?? '')) }
  },
  answer: (params, { reply }) => judged(params, readReply(reply ?? '')),
  samples: [
    { title: 'nobody there', params: { url: 'http://127.0.0.1:1/', timeout: 2 }, expect: { problem: 'onnect' } },
    {
      title: 'a port that cannot be',
      params: { url: 'http://127.0.0.1:70000/' },
      expect: { problem: 'its host or its port cannot be' },
    },
    {
      title: 'nobody there to be sent to',
      params: { url: 'http://127.0.0.1:1/', method: 'POST', body: 'x' },
      expect: 'changes',
    },
  ],
})

interface Params {
  readonly url: string
  readonly method?: string
  readonly headers?: object
  readonly body?: string
  readonly user?: string
  readonly password?: string
  readonly follow_redirects?: boolean
  readonly validate_certs?: boolean
  readonly ca_cert?: string
  readonly connect_to?: string
  readonly timeout?: number
  readonly status?: number | readonly number[]
  readonly retries?: number
  readonly retry_on?: readonly number[]
  readonly delay?: number
}

// RFC 9110: what these ask for changes nothing on a server. TRACE does not either, but no server is asked for it.
const acts = ({ method }: Params): boolean => !['GET', 'HEAD', 'OPTIONS'].includes((method ?? 'GET').toUpperCase())

const asking = (p: Params, patient: boolean): Script => {
  const request = requestOf(p, patient)
  if (typeof request === 'string') return nothing
  const again = {
    codes: listOf(p.status ?? 200),
    on: p.retry_on ?? [],
    retries: patient ? (p.retries ?? 0) : 0,
    delay: p.delay ?? 1,
  }
  return lines(askHttp(request, again), sh`fact reply "$reply"`)
}

/** The request, or why there cannot be one. */
const requestOf = (p: Params, patient: boolean): HttpRequest | string => {
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
    method: (p.method ?? 'GET').toUpperCase(),
    headers,
    body: p.body,
    user: p.user ?? address.user,
    password: p.user === undefined ? address.password : p.password,
    validateCerts: p.validate_certs !== false,
    ca: p.ca_cert,
    connectTo: port === undefined ? undefined : { host, port: Number(port) },
    follow: p.follow_redirects === true,
    timeout: patient ? (p.timeout ?? 10) : Math.min(p.timeout ?? 10, QUICK_LOOK),
  }
}

const judged = (params: Params & Expected, got: HttpReply): Omit<Plan, 'changes'> => {
  const url = shownAddress(params.url)
  const json = jsonOf(got)
  const result = {
    status: got.code,
    url,
    redirected: got.redirected,
    headers: got.headers,
    // Whatever else a server calls its headers, it does not choose the names of a result.
    ...Object.fromEntries(
      ['content-type', 'location', 'etag', 'last-modified']
        .filter(name => got.headers[name] !== undefined)
        .map(name => [name.replaceAll('-', '_'), got.headers[name]]),
    ),
    body: got.body,
    content: got.body,
    ...(json === undefined ? {} : { json }),
  } as JsonObject
  const wrong = wrongWith(params, got)
  if (wrong !== undefined) return { problem: `${(params.method ?? 'GET').toUpperCase()} ${url}: ${wrong}`, result }
  return { message: `${url}: ${got.code}`, result }
}

interface Expected {
  readonly status?: number | readonly number[]
  readonly body_contains?: string | readonly string[]
  readonly response_headers?: object
  readonly response_lacks?: string | readonly string[]
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]

const wrongWith = (expected: Expected, got: HttpReply): string | undefined => {
  if (got.error !== undefined) return got.error
  const codes = listOf(expected.status ?? 200)
  if (!codes.includes(got.code))
    return `the answer is ${got.code}, not ${codes.join(' or ')}${got.body.trim() === '' ? '' : `: ${got.body.trim().slice(0, 200)}`}`
  const missing = listOf(expected.body_contains).find(text => !got.body.includes(text))
  if (missing !== undefined) return `the answer does not hold '${missing}'`
  for (const [name, text] of Object.entries(expected.response_headers ?? {})) {
    const value = got.headers[name.toLowerCase()]
    if (value === undefined) return `the header ${name} is missing`
    if (!value.toLowerCase().includes(String(text).toLowerCase()))
      return `the header ${name} is '${value}', without '${String(text)}'`
  }
  const unwanted = listOf(expected.response_lacks).find(name => got.headers[name.toLowerCase()] !== undefined)
  return unwanted === undefined ? undefined : `the header ${unwanted} should not come`
}
