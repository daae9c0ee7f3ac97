import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DelayProxy, delayProxy } from './delay-proxy.ts'

const delayMs = 40
let echo: Server
let port = 0
let proxy: DelayProxy

beforeAll(async () => {
  echo = createServer(socket => {
    socket.write('hello ')
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  await new Promise<void>(done => echo.listen(0, '127.0.0.1', done))
  const address = echo.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  proxy = await delayProxy({ host: '127.0.0.1', port, delayMs })
})
afterAll(async () => {
  await proxy.close()
  echo.close()
})

const heard = (socket: Socket): Promise<string> =>
  new Promise(done => socket.once('data', bytes => done(String(bytes))))
const timed = async <T>(doing: Promise<T>): Promise<readonly [T, number]> => {
  const began = performance.now()
  return [await doing, performance.now() - began]
}

describe('the delay proxy', () => {
  it('a greeting takes two round trips and an answer one, counted when the client sends again after receiving', async () => {
    const socket = connect({ host: '127.0.0.1', port: proxy.port })
    const [greeting, greetingMs] = await timed(heard(socket))
    expect(greeting).toBe('hello ')
    expect(greetingMs).toBeGreaterThanOrEqual(4 * delayMs - 2)
    const before = proxy.count()
    for (const word of ['a', 'b', 'c']) {
      socket.write(word)
      const [answer, ms] = await timed(heard(socket))
      expect(answer).toBe(word)
      expect(ms).toBeGreaterThanOrEqual(2 * delayMs - 2)
      expect(ms).toBeLessThan(2 * delayMs + 500)
    }
    expect(proxy.count().roundTrips - before.roundTrips).toBe(3)
    socket.write('x')
    await new Promise(done => setTimeout(done, 10))
    socket.write('y')
    await heard(socket)
    expect(proxy.count().roundTrips - before.roundTrips).toBe(4)
    socket.destroy()
  })

  it('a megabyte and the end of the stream pass through', async () => {
    const socket = connect({ host: '127.0.0.1', port: proxy.port, allowHalfOpen: true })
    const sent = Buffer.alloc(1 << 20, 'mlplay')
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    socket.end(sent)
    await new Promise(done => socket.once('end', done))
    socket.destroy()
    expect(Buffer.concat(chunks).toString()).toBe(`hello ${sent}`)
  })

  it('a closed port ends the connection', async () => {
    const nowhere = await delayProxy({ host: '127.0.0.1', port: 1, delayMs: 1 })
    const socket = connect({ host: '127.0.0.1', port: nowhere.port })
    socket.on('error', () => {})
    await new Promise(done => socket.once('close', done))
    await nowhere.close()
  })
})
