import { asksForPassword, type BecomeOptions, explainBecome } from './become.ts'
import type { Channel } from './channel.ts'
import { BecomeFailed } from './shell.ts'

export interface HandshakeOptions {
  /** The password prompt, a nonce. */
  readonly prompt: string
  /** What the new shell prints when it has started, a nonce. */
  readonly ready: string
  readonly host: string
  /** Milliseconds to wait for the program; the time the user takes to answer does not count. */
  readonly timeout: number
}

/** Answers the password prompt once and waits for the shell of the other account. Earlier output is discarded. */
export async function handshake(channel: Channel, way: BecomeOptions, words: HandshakeOptions): Promise<void> {
  let said = ''
  let complaints = ''
  let asked = false
  await new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const wait = () => {
      timer = setTimeout(() => end(`no answer within ${words.timeout / 1000} s`), words.timeout)
    }
    const end = (failure?: string) => {
      clearTimeout(timer)
      channel.stdout.off('data', onOut)
      channel.stderr.off('data', onErr)
      if (failure === undefined) return resolve()
      channel.kill()
      channel.release()
      reject(new BecomeFailed(explainBecome(way, failure, words.host)))
    }
    const answer = async () => {
      clearTimeout(timer)
      try {
        const password = await way.password(`${way.method} password for ${way.user}`)
        channel.stdin.write(`${password}\n`)
        wait()
      } catch {
        end('password is required')
      }
    }
    const onOut = (chunk: Buffer) => {
      said += chunk.toString('latin1')
      if (said.includes(words.ready)) end()
    }
    const onErr = (chunk: Buffer) => {
      complaints += chunk.toString()
      if (!asksForPassword(way, complaints, words.prompt)) return
      complaints = complaints.replaceAll(words.prompt, '').replace(/password: ?$/i, '')
      // A second prompt means that the password was wrong; another attempt could lock the account.
      if (asked) return end('Sorry, incorrect password')
      asked = true
      void answer()
    }
    wait()
    channel.stdout.on('data', onOut)
    channel.stderr.on('data', onErr)
    void channel.ended.then(({ connectionError }) => end(connectionError ?? complaints))
  })
}
