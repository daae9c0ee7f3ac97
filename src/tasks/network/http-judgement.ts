import type { JsonObject } from '../../model/json.ts'
import type { Plan } from '../../model/task-type.ts'
import { shownAddress } from './http-address.ts'
import { listOf, type Params } from './http-params.ts'
import { type HttpReply, jsonOf } from './http-reply.ts'

/** What an answer means: whether it is as expected, and what `register` gets of it. */
export const judged = (params: Params, got: HttpReply): Omit<Plan, 'changes'> => {
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
  if (wrong !== undefined) return { problem: `${params.method.toUpperCase()} ${url}: ${wrong}`, result }
  return { message: `${url}: ${got.code}`, result }
}

const wrongWith = (expected: Params, got: HttpReply): string | undefined => {
  if (got.error !== undefined) return got.error
  const codes = listOf(expected.status)
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
