import ssh2, { type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2'

/** One key of an agent, wrapped as an agent: ssh2 would offer all keys of an agent, and the server counts each as a failed attempt. */
export interface AgentKey {
  readonly blob: string
  readonly type: string
  readonly comment: string
  readonly agent: ssh2.BaseAgent
}

const PATIENCE = 3000

/** The keys of the agent at this socket; empty when it does not answer. */
export async function agentKeys(socket: string): Promise<readonly AgentKey[]> {
  const agent = ssh2.createAgent(socket)
  const found = await new Promise<readonly ParsedKey[]>(resolve => {
    const timer = setTimeout(() => resolve([]), PATIENCE)
    agent.getIdentities((error, keys) => {
      clearTimeout(timer)
      resolve(error || keys === undefined ? [] : (keys as ParsedKey[]))
    })
  })
  return found.map(key => ({
    blob: key.getPublicSSH().toString('base64'),
    type: key.type,
    comment: key.comment,
    agent: new OneKey(agent, key),
  }))
}

class OneKey extends ssh2.BaseAgent {
  readonly #agent: ssh2.BaseAgent
  readonly #key: ParsedKey

  constructor(agent: ssh2.BaseAgent, key: ParsedKey) {
    super()
    this.#agent = agent
    this.#key = key
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.#key])
  }

  override sign(
    key: ParsedKey | Buffer | string,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    this.#agent.sign(key, data, options as SigningRequestOptions, done)
  }
}
