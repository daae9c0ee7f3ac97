import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2'
import { visibleLine } from '../../text/visible.ts'
import type { Identity } from './key-ring.ts'
import type { SshSettings } from './settings.ts'

export interface Credentials {
  readonly user: string
  readonly identities: readonly Identity[]
  readonly password?: string
  readonly settings: Pick<SshSettings, 'passwords' | 'keyboard'>
  /** Asks the user what a host asks besides the password: a one-time code. */
  readonly ask: (prompt: string) => Promise<string>
}

/** What was tried, and which methods the host accepts: for the error message. */
export interface AuthAttempts {
  readonly methods: string[]
  accepted: readonly string[]
}

/** Offers the keys one by one, then the password once, by the method that the host accepts. */
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
    // The host has not listed its methods yet, and a password for a method that it does not accept counts as a wrong one.
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
    // Without a password there is nothing to answer, unless this is the second factor.
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
    // ssh2 accepts `false` for the end of the list, contrary to its types.
    done(next(methods, partial === true) ?? (false as unknown as AuthenticationType))
  }
}

/** Answers the one hidden question that asks for the password; the user answers all others. */
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

/** Maximum length of a host's question that is shown. */
const QUESTION = 200

// A host's question appears on the user's terminal: it is shown on one line, without control characters, so that it cannot
// imitate another question.
const asked = (prompt: string): string => {
  const line = visibleLine(prompt).replace(/\s*:$/, '')
  return line.length > QUESTION ? `${line.slice(0, QUESTION)}...` : line
}
