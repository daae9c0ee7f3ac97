import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Plan } from '../../src/model/task-type.ts'
import { readState, reporting } from '../../src/run/state.ts'
import { openLocal } from '../../src/shell/local.ts'
import httpCheck from '../../src/tasks/http-check.ts'

// A real server, asked by a real curl: what a person's own server does is odder than any sample.
let server: Server
let asked = 0
beforeAll(
  () =>
    new Promise<void>(ready => {
      server = createServer((request, response) => {
        let body = ''
        request.on('data', chunk => {
          body += chunk
        })
        request.on('end', () => {
          switch (request.url) {
            case '/moved':
              return response.writeHead(302, { location: '/' }).end('moved')
            case '/echo':
              return response
                .writeHead(200, { 'X-A': '1', 'X-Many': ['a', 'b'] })
                .end(JSON.stringify({ method: request.method, headers: request.headers, body }))
            case '/big':
              return response.end(`start${'z'.repeat(3_000_000)}end`)
            case '/lines':
              return response.end('line\n'.repeat(40_000))
            case '/bytes':
              return response.end(Buffer.from([0, 1, 255, 10]))
            case '/none':
              return response.writeHead(204).end()
            case '/third':
              return response.writeHead(++asked % 3 === 0 ? 200 : 503).end(`try ${asked}`)
            case '/broken':
              response.writeHead(200, { 'content-length': '100' }).write('half')
              return setTimeout(() => request.socket.destroy(), 20)
            case '/reset':
              return request.socket.destroy()
            case '/':
              return response.end('here')
            default:
              return response.writeHead(404).end('no such page')
          }
        })
      }).listen(0, '127.0.0.1', ready)
    }),
)
afterAll(() => void server.close())

interface Answer extends Plan {
  readonly ms: number
}

const check = async (path: string, more: JsonObject = {}, shell = '/bin/dash'): Promise<Answer> => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const params = { url, timeout: 5, delay: 0, ...more }
  const local = openLocal({ argv: shell.split(' '), env: process.env })
  const start = performance.now()
  try {
    const probe = httpCheck.probe?.(params as never, { patient: true })
    if (probe === undefined) throw new Error('no probe')
    const { stdout } = await local.run(reporting(probe, 'mark'))
    const state = readState(stdout, 'mark', httpCheck.state)
    const plan = httpCheck.plan(params as never, state as never, {
      check: false,
      pending: [],
      random: () => new Uint8Array(),
    }) as Plan
    return { ...plan, ms: performance.now() - start }
  } finally {
    await local.close()
  }
}

describe.each(['/bin/dash', '/bin/bash --posix', '/bin/busybox sh'])('http-check by %s', shell => {
  it.each<[string, string, JsonObject, string | undefined]>([
    ['a page', '/', { body_contains: 'here' }, undefined],
    ['a code that is another', '/x', {}, 'the answer is 404, not 200: no such page'],
    ['one of several codes', '/x', { status: [401, 404] }, undefined],
    ['a redirect is not followed', '/moved', { status: 302 }, undefined],
    ['unless asked to', '/moved', { follow_redirects: true, body_contains: 'here' }, undefined],
    ['no content', '/none', { status: 204 }, undefined],
    ['bytes', '/bytes', {}, undefined],
    ['a page of many bytes', '/big', { body_contains: 'start' }, undefined],
    ['a page of many lines', '/lines', { body_contains: 'line\nline' }, undefined],
    ['headers', '/echo', { response_headers: { 'x-a': '1', 'X-Many': 'b' }, response_lacks: 'x-b' }, undefined],
    ['a header that should not come', '/echo', { response_lacks: 'x-a' }, 'the header x-a should not come'],
    ['a header that is missing', '/echo', { response_headers: { 'x-z': '1' } }, 'the header x-z is missing'],
    ['a text that is missing', '/', { body_contains: ['here', 'there'] }, "the answer does not hold 'there'"],
    ['as often as it takes', '/third', { retries: 3 }, undefined],
    ['HEAD', '/', { method: 'HEAD' }, undefined],
    ['a connection that ends early', '/broken', {}, 'the answer broke off'],
    ['no answer', '/reset', {}, 'mpty reply'],
  ])('%s', async (_, path, params, problem) => {
    const plan = await check(path, params, shell)
    if (problem === undefined) expect(plan.problem).toBeUndefined()
    else expect(plan.problem).toContain(problem)
    // A shell that goes through a long answer again and again took minutes.
    expect(plan.ms).toBeLessThan(8000)
  })

  it('sends what it is told, byte for byte, none of it read as a file or an option', async () => {
    const body = '@/etc/hostname\nline "two" \\ $HOME `id` é'
    const { result } = await check(
      '/echo',
      { method: 'POST', headers: { 'X-Q': 'a"b\\c' }, body, user: 'ann', password: 'p "w\\é' },
      shell,
    )
    const heard = JSON.parse(String(result?.['body'])) as { body: string; headers: Record<string, string> }
    expect(heard.body).toBe(body)
    expect(heard.headers['x-q']).toBe('a"b\\c')
    expect(heard.headers['authorization']).toBe(`Basic ${Buffer.from('ann:p "w\\é').toString('base64')}`)
  })
})
