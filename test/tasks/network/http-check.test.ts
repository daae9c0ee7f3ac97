import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Plan } from '../../../src/model/task-type.ts'
import { openLocal } from '../../../src/shell/local.ts'
import httpCheck from '../../../src/tasks/network/http-check.ts'
import { answered, decided, look, prepared, reportingChange } from '../stages.ts'

// A real server, asked by a real curl: what a person's own server does is odder than any sample.
let server: Server
let asked = 0
const heardOf: (string | undefined)[] = []
beforeAll(
  () =>
    new Promise<void>(ready => {
      server = createServer((request, response) => {
        heardOf.push(request.url)
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
                .writeHead(200, { 'X-A': '1', 'X-Many': ['a', 'b'], 'Content-Type': 'application/json' })
                .end(JSON.stringify({ method: request.method, headers: request.headers, body }))
            case '/big':
              return response.end(`start${'z'.repeat(3_000_000)}end`)
            case '/lines':
              return response.end('line\n'.repeat(40_000))
            case '/json':
              return response
                .writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' })
                .end('{"a": [1, "é"]}')
            case '/deep':
              return response.writeHead(200, { 'Content-Type': 'application/json' }).end('['.repeat(100_000))
            case '/like-a-head':
              return response.end('HTTP/1.1 500 Broken\r\nX-Made: up\r\n\r\nrest')
            case '/moved-after-post':
              return response.writeHead(303, { location: '/echo' }).end()
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
    const state = await look(local, httpCheck, params, true)
    const plan = decided(httpCheck, params, { state })
    const [change] = plan.changes
    const reported = change === undefined ? undefined : answered(httpCheck, await local.run(reportingChange(change.sh)))
    const answer = reported === undefined ? {} : httpCheck.answer?.(prepared(httpCheck, params) as never, reported)
    return { ...plan, ...answer, ms: performance.now() - start }
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
    [
      'a body that looks like a head',
      '/like-a-head',
      { body_contains: 'HTTP/1.1 500', response_lacks: 'x-made' },
      undefined,
    ],
    ['a method in small letters', '/', { method: 'post' }, undefined],
    ['a header with a line break', '/', { headers: { 'X-A': 'a\r\nX-B: b' } }, 'the header X-A holds a line break'],
    ['a name that cannot be one of a header', '/', { headers: { 'X-A: b': 'c' } }, "'X-A: b' cannot be the name"],
    ['a place to connect to', '/', { url: 'http://example.invalid/', connect_to: '127.0.0.1:1' }, 'onnect'],
  ])('%s', async (_, path, params, problem) => {
    const plan = await check(path, params, shell)
    if (problem === undefined) expect(plan.problem).toBeUndefined()
    else expect(plan.problem).toContain(problem)
    // A shell that goes through a long answer again and again took minutes.
    expect(plan.ms).toBeLessThan(8000)
  })

  it.each([['/x?f[a]=1&b={c,d}'], ['/run[1-3]/../a'], ['/a%2Fb'], ["/it's?q=a+b%20c;d$HOME`id`"]])(
    'http-check requests %s once, as written',
    async path => {
      heardOf.length = 0
      await check(path, { status: 404 }, shell)
      expect(heardOf).toEqual([path])
    },
  )

  it('http-check encodes non-ASCII characters as a browser does', async () => {
    heardOf.length = 0
    await check('/ü?q=ö', { status: 404 }, shell)
    expect(heardOf).toEqual(['/%C3%BC?q=%C3%B6'])
  })

  it.each([
    ['http://localhost:70000/', 'its host or its port cannot be'],
    ['http://h2.lab:8080:8080/', 'its host or its port cannot be'],
    ['http://[::1/', 'its host or its port cannot be'],
    ['http://*.example.org/', "'*.example.org' is no name of a host"],
    ['http://a b/', 'holds a blank'],
    ['http:///x', 'is no address'],
    ['http://ann:geheim@h:99999/', 'http://ann:********@h:99999/ is no address'],
    ['http://ann:geheim@127.0.0.1:1/', 'GET http://ann:********@127.0.0.1:1/: '],
  ])('%s fails at once, without retries', async (url, problem) => {
    const plan = await check('/', { url, retries: url.includes('127.0.0.1') ? 0 : 30, delay: 1 }, shell)
    expect(plan.problem).toContain(problem)
    expect(JSON.stringify(plan)).not.toContain('geheim')
    expect(plan.ms).toBeLessThan(3000)
  })

  it('a JSON body is registered as a value, with the common headers', async () => {
    const { result } = await check('/json', {}, shell)
    expect(result).toMatchObject({
      status: 200,
      json: { a: [1, 'é'] },
      content_type: 'application/json; charset=utf-8',
      body: '{"a": [1, "é"]}',
      redirected: false,
    })
    expect((await check('/deep', {}, shell)).result).not.toHaveProperty('json')
  })

  it('a redirected POST continues with GET', async () => {
    const { result } = await check('/moved-after-post', { method: 'POST', body: 'x', follow_redirects: true }, shell)
    expect(result).toMatchObject({ status: 200, redirected: true, json: { method: 'GET', body: '' } })
  })

  it('the name and password in a URL are used', async () => {
    const { port } = server.address() as AddressInfo
    const { result } = await check('', { url: `http://ann:p%20w@127.0.0.1:${port}/echo` }, shell)
    expect(result).toMatchObject({
      url: `http://ann:********@127.0.0.1:${port}/echo`,
      json: { headers: { authorization: `Basic ${Buffer.from('ann:p w').toString('base64')}` } },
    })
  })

  it('the body is sent byte for byte, never read as a file or an option', async () => {
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
