import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2'
import { visibleLine } from '../../text/visible.ts'
import type { Identity } from './key-ring.ts'
import type { SshSettings } from './settings.ts'

export interface Credentials {
  readonly user: string
  readonly identities: readonly Identity[]
  readonly password?: string
  readonly settings: Pick<SshSettings, 'passwords' | 'keyboard'>
  /** Asks the person what a host asks beside the password: a one-time code. */
  readonly ask: (prompt: string) => Promise<string>
}

/** What was tried, and what the host would take: for the message when all of it failed. */
export interface AuthAttempts {
  readonly methods: string[]
  accepted: readonly string[]
}

/** Offers keys one by one and then the password, once: what the host asks for decides how it is sent. */
export function authentication(credentials: Credentials, tried: AuthAttempts): AuthHandlerMiddleware {
  const { user, settings } = credentials
  const keys = [...credentials.identities]
  let password = credentials.password
  let introduced = false
  let questioned = false
  const next = (left: readonly string[] | null, partial: boolean): AnyAuthMethod | undefined => {
    const takes = (method: string) => left === null || left.includes(method)
    const key = takes('publickey') ? keys.shift() : undefined
    if (key !== undefined) {
      tried.methods.push(key.label)
      return key.method(user)
    }
    // The host has not said yet what it takes, and a password sent in vain counts as a wrong one.
    if (left === null && !introduced) {
      introduced = true
      return { type: 'none', username: user }
    }
    const known = password
    if (known !== undefined && settings.passwords && takes('password')) {
      password = undefined
      tried.methods.push('the password')
      return { type: 'password', username: user, password: known }
    }
    // Without a password there is nothing to answer, unless a first factor was right and this is the second.
    if (!settings.keyboard || !takes('keyboard-interactive') || questioned || (known === undefined && !partial))
      return undefined
    questioned = true
    password = undefined
    tried.methods.push(known === undefined ? 'a second factor' : 'the password')
    return { type: 'keyboard-interactive', username: user, prompt: answering(known, credentials.ask) }
  }
  return (left, partial, done) => {
    const methods = left as readonly string[] | null
    if (methods !== null) tried.accepted = methods
    // ssh2 takes `false` for the end of the list; its types do not know.
    done(next(methods, partial === true) ?? (false as unknown as AuthenticationType))
  }
}

/** The password to the one hidden question that asks for it; all else is for the person. */
const answering =
  (password: string | undefined, ask: (prompt: string) => Promise<string>) =>
  (_name: string, _about: string, _lang: string, prompts: Prompt[], finish: (answers: string[]) => void): void => {
    let mine = password
    const reply = async (): Promise<string[]> => {
      const answers: string[] = []
      for (const { prompt, echo } of prompts) {
        if (mine !== undefined && echo !== true && /password/i.test(prompt)) {
          answers.push(mine)
          mine = undefined
        } else answers.push(await ask(asked(prompt)))
      }
      return answers
    }
    reply().then(finish, () => finish([]))
  }

/** The longest question of a host's that is shown. */
const QUESTION = 200

// What a host asks stands on the person's terminal: on one line, without anything that could move the cursor or pass for
// another question.
const asked = (prompt: string): string => {
  const line = visibleLine(prompt).replace(/\s*:$/, '')
  return line.length > QUESTION ? `${line.slice(0, QUESTION)}...` : line
}
