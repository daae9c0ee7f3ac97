import type { Target } from '../../model/target.ts'
import type { Start } from '../channel.ts'
import { startByOpenssh } from '../openssh.ts'
import { NeedsOpenssh } from './ssh-errors.ts'
import type { SshNetwork } from './ssh-network.ts'

export interface Transport {
  readonly start: Start
  /** Releases the transport; the connection closes after its last user. */
  readonly release: () => void
}

/** Connects with node-ssh, or with the system's ssh when the host or its ssh config needs a feature that only OpenSSH has. */
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
