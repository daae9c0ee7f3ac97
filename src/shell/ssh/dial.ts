import { connect, type Socket } from 'node:net'
import { Unreachable } from '../shell.ts'
import type { SshSettings } from './settings.ts'
import { explainNetwork } from './ssh-errors.ts'

/** Opens a TCP connection without Nagle's algorithm, with which each small frame would wait 40 ms for an acknowledgement. */
export function dial(settings: SshSettings, place: string, timeout: number): Promise<Socket> {
  const { port } = settings
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return Promise.reject(new Unreachable(`cannot reach ${place}: '${port}' is no port: a number from 1 to 65535 is`))
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: settings.hostname,
      port: settings.port,
      noDelay: true,
      ...(settings.family === undefined ? {} : { family: settings.family }),
      ...(settings.localAddress === undefined ? {} : { localAddress: settings.localAddress }),
    })
    const end = (failure: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(failure)
    }
    const timer = setTimeout(
      () =>
        end(
          new Unreachable(`cannot reach ${place}: no answer within ${timeout / 1000} s (--timeout, ansible_timeout)`),
        ),
      timeout,
    )
    socket.once('error', error => end(explainNetwork(place, error)))
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}
