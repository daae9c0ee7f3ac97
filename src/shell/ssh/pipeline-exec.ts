import type { Client, ClientChannel } from 'ssh2'

// The internals of ssh2 1.17 that are used here.
interface ClientInternals {
  readonly _protocol?: { exec?: (channel: number, command: string, wantReply: boolean) => void }
  readonly _chanMgr?: { readonly _channels?: Readonly<Record<string, unknown>> }
}

interface Waiting {
  readonly command: string
  readonly started: (stream: ClientChannel) => void
}

const watched = new WeakMap<Client, Waiting[]>()

/**
 * Runs a command and returns its streams as soon as the request was sent. ssh2 itself waits for the confirmation of the host:
 * a round trip in which the first frame can travel already. If the host refuses the command, the stream ends with code 126.
 */
export function pipelineExec(client: Client, command: string): Promise<ClientChannel> {
  const waiting = watched.get(client) ?? watch(client)
  return new Promise((resolve, reject) => {
    let early: ClientChannel | undefined
    const one: Waiting = {
      command,
      started: stream => {
        early = stream
        resolve(stream)
      },
    }
    waiting.push(one)
    client.exec(command, (error, stream) => {
      const at = waiting.indexOf(one)
      if (at >= 0) waiting.splice(at, 1)
      if (error === undefined) return resolve(stream)
      if (early === undefined) return reject(error)
      early.emit('exit', 126)
      early.close()
    })
  })
}

const watch = (client: Client): Waiting[] => {
  const waiting: Waiting[] = []
  watched.set(client, waiting)
  const { _protocol: protocol, _chanMgr: channels } = client as unknown as ClientInternals
  const send = protocol?.exec
  if (protocol === undefined || send === undefined) return waiting
  protocol.exec = (id, command, wantReply) => {
    send.call(protocol, id, command, wantReply)
    const at = waiting.findIndex(one => one.command === command)
    const stream = Object.values(channels?._channels ?? {}).find(one => isChannel(one, id))
    if (at < 0 || !isChannel(stream, id)) return
    waiting.splice(at, 1)[0]?.started(stream)
  }
  return waiting
}

const isChannel = (one: unknown, id: number): one is ClientChannel =>
  typeof one === 'object' && one !== null && (one as { outgoing?: { id?: number } }).outgoing?.id === id
