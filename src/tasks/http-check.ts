import type { JsonObject } from '../model/json.ts'
import { type Plan, taskType } from '../model/task-type.ts'
import { lines, sh } from '../text/sh.ts'
import { askHttp, type HttpReply, readReply } from './parts/http-request.ts'

const oneOrMany = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } as const

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
    properties: {
      url: { type: 'string', pattern: '^(https?://|.*\\{\\{)', description: 'http:// or https://' },
      method: { type: 'string', default: 'GET' },
      status: {
        anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' } }],
        default: 200,
        description: 'the code that is right, or several',
      },
      headers: { type: 'object', description: 'headers to send' },
      body: { type: 'string', description: 'what to send' },
      user: { type: 'string', description: 'for basic authentication' },
      password: { type: 'string' },
      body_contains: { ...oneOrMany, description: 'texts that the answer must hold' },
      response_headers: { type: 'object', description: 'headers that must come, each with a text that it must hold' },
      response_lacks: { ...oneOrMany, description: 'headers that must not come' },
      follow_redirects: { type: 'boolean', default: false },
      validate_certs: { type: 'boolean', default: true },
      ca_cert: { type: 'string', description: 'a file of the host with certificates to trust' },
      connect_to: { type: 'string', description: 'HOST:PORT to connect to in place of the one in the URL' },
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
  nature: 'query',
  state: { type: 'object', properties: { reply: { type: 'string' } } },
  probe: (p, { patient }) =>
    lines(
      askHttp(
        {
          url: p.url,
          method: p.method ?? 'GET',
          headers: (p.headers ?? {}) as Readonly<Record<string, unknown>>,
          body: p.body,
          user: p.user,
          password: p.password,
          validateCerts: p.validate_certs !== false,
          ca: p.ca_cert,
          connectTo: p.connect_to,
          follow: p.follow_redirects === true,
          timeout: patient ? (p.timeout ?? 10) : Math.min(p.timeout ?? 10, QUICK_LOOK),
        },
        {
          codes: listOf(p.status ?? 200),
          on: p.retry_on ?? [],
          retries: patient ? (p.retries ?? 0) : 0,
          delay: p.delay ?? 1,
        },
      ),
      sh`fact reply "$reply"`,
    ),
  plan: (params, { reply }, { pending }): Plan => {
    if (pending.length > 0) return { changes: [], message: 'checked once these changes are made' }
    const got = readReply(reply ?? '')
    const result: JsonObject = { status: got.code, body: got.body, headers: got.headers, url: params.url }
    const wrong = wrongWith(params, got)
    if (wrong !== undefined)
      return { changes: [], problem: `${params.method ?? 'GET'} ${params.url}: ${wrong}`, result }
    return { changes: [], message: `${params.url}: ${got.code}`, result }
  },
  samples: [
    { title: 'nobody there', params: { url: 'http://127.0.0.1:1/', timeout: 2 }, expect: { problem: 'onnect' } },
  ],
})

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
