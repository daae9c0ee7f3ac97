import type { PlanParams } from '../../model/params.ts'

const oneOrMany = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } as const

const word = { type: ['string', 'number', 'boolean'] } as const

export const params = {
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
      pattern: '^.+:[0-9]+$',
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
} as const

export type Params = PlanParams<typeof params>

export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]
