import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

// A server that remembers what it was sent: a request that changes something is sent when its turn comes, and then once.
let server: Server
let codes: number[] = []
const sent: string[] = []
beforeAll(
  () =>
    new Promise<void>(ready => {
      server = createServer((request, response) => {
        sent.push(`${request.method} ${request.url}`)
        request.resume().on('end', () => {
          response.writeHead(codes.shift() ?? 200, { 'Content-Type': 'application/json' }).end('{"id": 7}')
        })
      }).listen(0, '127.0.0.1', ready)
    }),
)
afterAll(() => void server.close())
beforeEach(() => {
  sent.length = 0
  codes = []
})
const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
const post = (path: string, more = '') => `- http-check: { url: "${url(path)}", method: POST, body: "x"${more} }`

describe('a request that changes something', () => {
  it('a dry run does not send a POST and says what it would send', async () => {
    const { tasks, messages, exit } = await run(
      play(`${post('/a')}\n  name: it\n- http-check: { url: "${url('/b')}", method: delete }\n  name: away`),
      { check: true },
    )
    expect({ sent, exit, tasks }).toEqual({ sent: [], exit: 0, tasks: ['changed it', 'changed away'] })
    expect(messages).toEqual([`would send POST ${url('/a')}`, `would send DELETE ${url('/b')}`])
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post', 'PURGE'])('is sent once: %s', async method => {
    const { tasks } = await run(
      play(
        `- command: "true"\n- http-check: { url: "${url('/x')}", method: ${method} }\n  name: it\n- command: "true"\n- copy-file: { dest: "@/f", content: x }`,
      ),
    )
    expect(sent).toEqual([`${method.toUpperCase()} /x`])
    expect(tasks).toContain('changed it')
  })

  it('a skipped task does not send its POST, whatever skips it', async () => {
    await run(
      play(
        `- command: "echo no"
  register: r
${post('/literal')}
  when: false
${post('/later')}
  when: r.stdout == "yes"
${post('/fact')}
  when: ansible_system == "Other"
${post('/{{ item }}')}
  loop: [1, 2]
  when: item > 9
- block:
${post('/rescue').replace(/^/gm, '    ').replace('    -', '    - debug: x\n  rescue:\n    -')}
- fail: {}
${post('/never')}
`,
        `${post('/handler')}\n  name: told`,
      ),
    )
    expect(sent).toEqual([])
  })

  it('a POST is sent once for each item and once for each attempt', async () => {
    codes = [503, 503, 200]
    const { tasks, exit } = await run(
      play(
        `${post('/try')}\n  name: tried\n  register: r\n  until: r.status == 200\n  retries: 5\n  delay: 0\n${post('/{{ item }}')}\n  name: each\n  loop: [a, b]`,
      ),
    )
    expect(sent).toEqual(['POST /try', 'POST /try', 'POST /try', 'POST /a', 'POST /b'])
    expect({ tasks, exit }).toEqual({ tasks: ['changed tried', 'changed each [a]', 'changed each [b]'], exit: 0 })
  })

  it('the answer to a POST is registered', async () => {
    const { messages } = await run(
      play(
        `${post('/a')}\n  register: r\n- debug: "{{ r.status }} {{ r.json.id }} {{ r.body }} {{ r.changed }} {{ r.failed }}"`,
      ),
    )
    expect(messages.at(-1)).toBe('200 7 {"id": 7} True False')
  })

  it('a POST with the wrong answer fails the task and counts as made', async () => {
    codes = [500]
    const { tasks, messages, exit } = await run(
      play(
        `- block:\n${post('/a').replace(/^/gm, '    ')}\n      name: it\n      register: r\n  rescue: [{ debug: "{{ r.status }} {{ r.json.id }}" }]`,
      ),
    )
    expect(sent).toEqual(['POST /a'])
    expect({ tasks, exit }).toMatchObject({ exit: 0 })
    expect(messages).toEqual([`POST ${url('/a')}: the answer is 500, not 200: {"id": 7}`, '500 7'])
  })

  it('a dry run marks tasks that depend on the answer as unknown', async () => {
    const { messages, exit } = await run(play(`${post('/a')}\n  register: r\n- debug: "{{ r.json.id }}"`), {
      check: true,
    })
    expect(exit).toBe(0)
    expect(messages.at(-1)).toContain("it depends on 'r'")
  })

  it('a POST that cannot be sent fails before it is sent', async () => {
    const { messages, exit } = await run(play(`- http-check: { url: "http://h:70000/", method: POST }`))
    expect({ messages, exit }).toMatchObject({ exit: 2, messages: [expect.stringContaining('its host or its port')] })
  })
})

describe('a request that only looks', () => {
  it.each(['GET', 'HEAD', 'OPTIONS'])('is sent by a dry run, too: %s', async method => {
    const { tasks } = await run(play(`- http-check: { url: "${url('/x')}", method: ${method} }\n  name: it`), {
      check: true,
    })
    expect({ sent, tasks }).toEqual({ sent: [`${method} /x`], tasks: ['ok it'] })
  })
})
