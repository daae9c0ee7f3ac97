import { expect, it } from 'vitest'
import httpCheck from '../../../src/tasks/network/http-check.ts'
import { planTable } from '../plan-table.ts'
import { filled } from '../stages.ts'

/** What asking leaves behind: the answer, then how it ended. */
const reply = (code: number, headers: string, body: string) => {
  const head = `HTTP/1.1 ${code} X\r\n${headers}\r\n`
  return { reply: `${head}${body}\n${code} ${head.length} 0 0 ` }
}
const params = { url: 'http://ann:pw@h/' }
const ok = reply(200, 'X-A: one\r\n', 'hello')

planTable(httpCheck, {
  'is content with the code and shows no password': {
    params,
    state: ok,
    plan: {
      message: 'http://ann:********@h/: 200',
      result: expect.objectContaining({ status: 200, body: 'hello', redirected: false }),
    },
  },
  'names another code, and what came with it': {
    params,
    state: reply(500, '', 'oops'),
    problem: 'the answer is 500, not 200: oops',
  },
  'is content with one of several codes': { params: { ...params, status: [401, 500] }, state: reply(500, '', '') },
  'wants a text': { params: { ...params, body_contains: ['hell', 'no'] }, state: ok, problem: "does not hold 'no'" },
  'wants a header': {
    params: { ...params, response_headers: { 'X-B': '1' } },
    state: ok,
    problem: 'the header X-B is missing',
  },
  'wants a text in a header, in letters of any size': {
    params: { ...params, response_headers: { 'x-a': 'ONE' } },
    state: ok,
  },
  'names a header with another text': {
    params: { ...params, response_headers: { 'x-a': 'two' } },
    state: ok,
    problem: "the header x-a is 'one', without 'two'",
  },
  'names a header that should not come': {
    params: { ...params, response_lacks: 'x-a' },
    state: ok,
    problem: 'the header x-a should not come',
  },
  'reads JSON that says that it is such': {
    params,
    state: reply(200, 'Content-Type: application/json\r\n', '{"a":1}'),
    plan: { result: expect.objectContaining({ json: { a: 1 }, content_type: 'application/json' }) },
  },
  'is refused an address that is none': {
    params: { url: 'http://h:70000/' },
    state: ok,
    problem: 'its host or its port cannot be',
  },
  'is refused a header that would end too early': {
    params: { ...params, headers: { a: 'b\r\nc' } },
    state: ok,
    problem: 'a line break',
  },
  'sends nothing in a dry run but says that it would': {
    params: { ...params, method: 'post' },
    changes: ['send POST http://ann:********@h/'],
    plan: { message: 'would send POST http://ann:********@h/' },
  },
  'sends what is no mere look': {
    params: { ...params, method: 'DELETE' },
    check: false,
    changes: ['send DELETE http://ann:********@h/'],
  },
})

it('what is sent is judged by its answer', () => {
  const judge = (state: object) =>
    httpCheck.answer?.(filled(httpCheck, { ...params, method: 'POST' }) as never, state as never)
  expect(judge(reply(201, '', ''))?.problem).toContain('the answer is 201, not 200')
  expect(judge(ok)?.problem).toBeUndefined()
})

it('a dry run postpones its verdict, but not on an address that is none', () => {
  const later = (url: string) => httpCheck.later?.(filled(httpCheck, { url }) as never)
  expect(later('http://h/')).toBe('checked once these changes are made')
  expect(later('http://h:70000/')).toBeUndefined()
})

it('its time limit takes in all its tries', () => {
  expect(httpCheck.waits?.(filled(httpCheck, { ...params, timeout: 4, retries: 2, delay: 3 }) as never)).toBe(21)
})

it.each([
  ['GET', true],
  ['head', true],
  ['POST', false],
])('a look asks with %s: %s', (method, asks) => {
  const { text } = httpCheck.probe?.(filled(httpCheck, { ...params, method }) as never, { patient: true }) ?? {
    text: '',
  }
  expect(text.includes('fact reply')).toBe(asks)
})
