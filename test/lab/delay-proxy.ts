import { connect, createServer, type Socket } from 'node:net'

export interface DelayRequest {
  readonly host: string
  readonly port: number
  /** One way, in milliseconds: a round trip takes twice that. */
  readonly delayMs: number
}

export interface DelayProxy {
  readonly port: number
  /**
   * What has gone through so far: connections, and round trips after their making: how often a client spoke again after
   * it had heard something.
   */
  readonly count: () => { readonly connections: number; readonly roundTrips: number; readonly bytes: number }
  readonly close: () => Promise<void>
}

/**
 * A port on 127.0.0.1 that leads to a host as if it were far away: bytes take `delayMs` each way, and a connection costs
 * the round trip of its handshake, which loopback would hide.
 */
export async function delayProxy({ host, port, delayMs }: DelayRequest): Promise<DelayProxy> {
  const sockets = new Set<Socket>()
  let connections = 0
  let roundTrips = 0
  let bytes = 0
  const server = createServer({ allowHalfOpen: true, noDelay: true }, client => {
    connections++
    let heard = false
    const here = performance.now()
    // The client may speak a round trip after it knocked, and what it says is half a one on its way; so is its last ACK,
    // which lets the server begin.
    const open = new Promise<Socket>(done => {
      later(delayMs === 0 ? 0 : here + 3 * delayMs - performance.now(), () =>
        done(connect({ host, port, allowHalfOpen: true, noDelay: true })),
      )
    })
    client.pause()
    sockets.add(client)
    client.on('error', () => client.destroy())
    void open.then(far => {
      sockets.add(far)
      far.on('error', () => client.destroy())
      carry(client, far, delayMs, (size, first) => {
        bytes += size
        if (heard || first) roundTrips++
        heard = false
      })
      carry(far, client, delayMs, size => {
        bytes += size
        heard = true
      })
      client.once('close', () => sockets.delete(client))
      far.once('close', () => sockets.delete(far))
      client.resume()
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    port: address.port,
    count: () => ({ connections, roundTrips, bytes }),
    close: () =>
      new Promise(done => {
        for (const socket of sockets) socket.destroy()
        server.close(() => done())
      }),
  }
}

const later = (ms: number, then: () => void): void => {
  if (ms <= 0) then()
  else setTimeout(then, ms)
}

/** Bytes, the end and a break arrive in order and late; what arrives counts when it was sent. */
function carry(from: Socket, to: Socket, delayMs: number, sent: (size: number, first: boolean) => void): void {
  let first = true
  from.on('data', bytes => {
    sent(bytes.length, first)
    first = false
    later(delayMs, () => to.write(bytes))
  })
  from.on('end', () => later(delayMs, () => to.end()))
  from.on('close', () => later(delayMs, () => to.destroy()))
}
