import type { Target } from '../../model/target.ts'
import type { Start } from '../channel.ts'
import { startByOpenssh } from '../openssh.ts'
import { NeedsOpenssh } from './ssh-errors.ts'
import type { SshNetwork } from './ssh-network.ts'

export interface Transport {
  readonly start: Start
  /** Gives the way back: the connection closes after the last of its users. */
  readonly release: () => void
}

/** By node-ssh; by the system's ssh where only that can do what the host's ssh config asks for, or what the host itself insists on. */
export async function openTransport(
  network: SshNetwork,
  target: Target,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Transport> {
  const byProgram: Start = async argv =>
    startByOpenssh({ ...target, connectTimeout: await network.timeoutOf(target) }, argv, { env })
  try {
    const host = await network.host(target)
    let start: Start = async argv => {
      try {
        return await host.start(argv)
      } catch (error) {
        if (!(error instanceof NeedsOpenssh)) throw error
        start = byProgram
        return await byProgram(argv)
      }
    }
    return { start: argv => start(argv), release: host.acquire() }
  } catch (error) {
    if (!(error instanceof NeedsOpenssh)) throw error
    return { start: byProgram, release: () => {} }
  }
}
