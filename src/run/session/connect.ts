import { Fault } from '../../model/fault.ts'
import { isNoFact } from '../../model/known-names.ts'
import type { BecomeOptions } from '../../shell/become.ts'
import { SessionFactory } from '../../shell/session-factory.ts'
import type { Shell } from '../../shell/shell.ts'
import type { Scope } from '../../template/template.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import type { Secrets } from '../../text/redact.ts'
import { type ConnectionSource, targetOf, variableOf } from '../../values/target-of.ts'
import type { HostState } from '../state/host-state.ts'
import type { InnerRequest } from '../state/request.ts'

/** In whose shell, and on which host, a task acts. */
export interface RunAs {
  /** `undefined`: who logs in. */
  readonly user: string | undefined
  readonly method: string
  /** Another host than its own. */
  readonly host: string | undefined
}

const methods = ['sudo', 'su', 'doas'] as const

/** A host for which a play wants a shell. */
export interface SessionRequest extends Omit<ConnectionSource, 'host' | 'scope'> {
  readonly memory: HostState
  /** Asked for only where no shell is open yet that will do. */
  readonly scope: () => Scope
}

/** From a host's variables and the command line's options to its shells, for the length of one run. */
export class HostSessions {
  readonly #request: InnerRequest
  readonly #secrets: Secrets
  readonly #connector: SessionFactory
  readonly #asked = new Map<string, Promise<string>>()

  constructor(request: InnerRequest, secrets: Secrets) {
    this.#request = request
    this.#secrets = secrets
    const { environment, ask, record, connection } = request
    for (const password of [connection?.loginPassword, connection?.becomePassword])
      if (password !== undefined) secrets.add(password)
    this.#connector = new SessionFactory({
      env: environment.env,
      random: environment.random,
      ask: prompt => this.#hidden(ask('login', prompt)),
      warn: message => record({ record: 'warning', message }),
    })
  }

  /** The host's shell of the wished account: the one that is open already, if there is one. */
  async shell(wish: RunAs, wanted: SessionRequest): Promise<Shell> {
    const { memory } = wanted
    const words = JSON.stringify([wish.user, wish.method])
    // Who has set a connection variable on the way may be elsewhere by now.
    const settled = !Object.keys(memory.results).some(isNoFact)
    const ofPlay = this.#ofPlay(wanted)
    const known = settled ? ofPlay.get(words) : undefined
    if (known !== undefined) return await known
    const found = this.#find(wish, { ...wanted, host: memory.host, scope: wanted.scope() }, memory)
    ofPlay.set(words, found)
    return await found
  }

  /** To be called when all shells are closed. */
  async close(): Promise<void> {
    await this.#connector.close()
  }

  async #find(wish: RunAs, at: ConnectionSource, memory: HostState): Promise<Shell> {
    const target = targetOf(at, this.#request)
    if (target.password !== undefined) this.#secrets.add(target.password)
    const { connect } = this.#request
    // Becoming who one already is needs no sudo.
    const self = wish.user === undefined || connect !== undefined ? undefined : await this.#connector.userOf(target)
    const become = wish.user === undefined || wish.user === self ? undefined : this.#become(wish.user, wish.method, at)
    const key = JSON.stringify([target, become?.method, become?.user])
    return await memory.shell(key, () =>
      connect === undefined ? this.#connector.open(target, become) : connect(target, become),
    )
  }

  #ofPlay({ memory, play }: SessionRequest): Map<string, Promise<Shell>> {
    const shells = memory.ways.get(play) ?? new Map<string, Promise<Shell>>()
    memory.ways.set(play, shells)
    return shells
  }

  #become(user: string, wished: string, at: ConnectionSource): BecomeOptions {
    const method = methods.find(one => one === (wished.split('.').at(-1) ?? ''))
    if (method === undefined)
      throw new Fault(
        'become',
        `${at.host.name}: there is no become_method '${wished}'${didYouMean(wished, methods)}`,
        {
          hint: `it is one of ${methods.join(', ')}`,
        },
      )
    if (!/^[^\s'!-][^\s'!]*$/.test(user))
      throw new Fault('become', `${at.host.name}: become_user '${user}' cannot be the name of an account`)
    const own = variableOf(at.scope, ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'])
    const known = own ?? this.#request.connection?.becomePassword
    if (known === undefined) return { method, user, password: prompt => this.#ask(prompt) }
    const password = String(known)
    this.#secrets.add(password)
    return { method, user, passwordKnown: true, password: async () => password }
  }

  // One question a run, however many hosts wait for the answer.
  #ask(prompt: string): Promise<string> {
    const known = this.#asked.get(prompt)
    if (known !== undefined) return known
    const asked = this.#hidden(this.#request.ask('become', prompt))
    this.#asked.set(prompt, asked)
    return asked
  }

  async #hidden(answer: Promise<string>): Promise<string> {
    const text = await answer
    this.#secrets.add(text)
    return text
  }
}
