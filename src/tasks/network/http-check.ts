import { taskType } from '../../model/task-type.ts'
import { nothing } from '../../text/sh.ts'
import { shownAddress } from './http-address.ts'
import { judged } from './http-judgement.ts'
import { params } from './http-params.ts'
import { acts, asking, requestOf } from './http-question.ts'
import { readReply } from './http-reply.ts'

export default taskType({
  name: 'http-check',
  summary: 'asks a web server, from the host itself, and judges the answer',
  example: {
    name: 'the site answers',
    params: { url: 'http://127.0.0.1:8080/', status: 200, body_contains: 'Welcome', retries: 10 },
  },
  params,
  shorthand: 'url',
  ansible: ['uri'],
  instead: {
    body_format: 'write the body as text: body: "{{ value | to_json }}"',
    dest: 'nothing is stored: register the result',
    force_basic_auth: 'user and password are sent at once',
    return_content: 'the answer is always there: register it and read .body',
    status_code: 'write status:',
    url_password: 'write password:',
    url_username: 'write user:',
  },
  secrets: [['password']],
  waits: ({ timeout, retries, delay }) => (retries + 1) * (timeout + delay),
  state: { type: 'object', properties: { reply: { type: 'string', contentEncoding: '8bit' } } },
  later: params => (typeof requestOf(params, true) === 'string' ? undefined : 'checked once these changes are made'),
  probe: (p, { patient }) => (acts(p) ? nothing : asking(p, patient)),
  plan: (params, { reply }, { check }) => {
    const request = requestOf(params, true)
    if (typeof request === 'string') return { changes: [], problem: request }
    if (acts(params)) {
      const what = `send ${request.method} ${shownAddress(params.url)}`
      const message = check ? `would ${what}` : undefined
      return { changes: [{ what, before: null, after: null, sh: asking(params, true) }], message }
    }
    return { changes: [], ...judged(params, readReply(reply ?? '')) }
  },
  answer: (params, { reply }) => judged(params, readReply(reply ?? '')),
})
