import type { AnyAuthMethod } from 'ssh2'
import { Unreachable } from '../shell.ts'
import { type AgentKey, agentKeys } from './agent-keys.ts'
import { type KeyFile, readKeyFile } from './private-key.ts'
import type { SshSettings } from './settings.ts'

/** One key to offer, and what to call it when it was refused. */
export interface Identity {
  readonly label: string
  /** As SSH spells it: ssh-ed25519, ssh-rsa, ... */
  readonly type: string
  readonly method: (username: string) => AnyAuthMethod
}

export interface Identities {
  readonly offered: readonly Identity[]
  /** Key files that a passphrase would open. */
  readonly locked: readonly string[]
  /** Why others are not offered. */
  readonly notes: readonly string[]
}

/** sshd closes after six failed tries (MaxAuthTries); one is left for a password. */
const MOST_KEYS = 5

/** The keys of a run: each file read once, each passphrase asked for once. */
export class KeyRing {
  readonly #ask: (prompt: string) => Promise<string>
  readonly #files = new Map<string, KeyFile>()
  readonly #unlocking = new Map<string, Promise<KeyFile>>()
  readonly #agents = new Map<string, Promise<readonly AgentKey[]>>()

  constructor(ask: (prompt: string) => Promise<string>) {
    this.#ask = ask
  }

  /** What to offer to one host: the configured keys, then, unless `IdentitiesOnly`, what else the agent holds. */
  async identities(settings: SshSettings, explicit: string | undefined): Promise<Identities> {
    if (!settings.publicKeys) return { offered: [], locked: [], notes: [] }
    const held = settings.agent === undefined ? [] : await this.#agent(settings.agent)
    const offered = new Map<string, Identity>()
    const locked: string[] = []
    const notes: string[] = []
    // What is not there is passed over, but not what was asked for by name.
    const missing = explicit !== undefined && !settings.identityFiles.includes(explicit)
    for (const path of [...(missing ? [explicit] : []), ...settings.identityFiles]) {
      let file = this.#file(path)
      const blob = file.kind === 'locked' || file.kind === 'public' ? file.blob : undefined
      const inAgent = held.find(key => key.blob === blob)
      // A key that was asked for by name is worth the question before anything is tried.
      if (file.kind === 'locked' && inAgent === undefined && path === explicit) file = await this.unlock(path)
      if (file.kind === 'key') offered.set(file.key.getPublicSSH().toString('base64'), ofFile(path, file))
      else if (inAgent !== undefined) offered.set(inAgent.blob, ofAgent(inAgent, path))
      else if (file.kind === 'locked') locked.push(path)
      else if (file.kind === 'public') notes.push(`no agent holds the private part of ${path}`)
      else if (path === explicit) throw new Unreachable(file.why)
      else notes.push(file.why)
    }
    if (!settings.identitiesOnly)
      for (const key of held) if (!offered.has(key.blob)) offered.set(key.blob, ofAgent(key, key.comment))
    return { offered: [...offered.values()].slice(0, MOST_KEYS), locked, notes }
  }

  /** Asks for the passphrase of a key file, once a run. */
  unlock(path: string): Promise<KeyFile> {
    const underway = this.#unlocking.get(path)
    if (underway !== undefined) return underway
    const opening = this.#ask(`passphrase for ${path}`).then(
      passphrase => {
        const file = readKeyFile(path, passphrase)
        this.#files.set(path, file)
        return file
      },
      (error: unknown): KeyFile => ({
        kind: 'unusable',
        why: `${path} takes a passphrase, and it could not be asked for (${(error as Error).message}): add the key to an ssh-agent`,
      }),
    )
    this.#unlocking.set(path, opening)
    return opening
  }

  #file(path: string): KeyFile {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const read = readKeyFile(path)
    this.#files.set(path, read)
    return read
  }

  #agent(socket: string): Promise<readonly AgentKey[]> {
    const known = this.#agents.get(socket)
    if (known !== undefined) return known
    const asked = agentKeys(socket)
    this.#agents.set(socket, asked)
    return asked
  }
}

const ofFile = (path: string, { key }: Extract<KeyFile, { kind: 'key' }>): Identity => ({
  label: path,
  type: key.type,
  method: username => ({ type: 'publickey', username, key }),
})

const ofAgent = ({ agent, type }: AgentKey, label: string): Identity => ({
  label: `${label} (agent)`,
  type,
  method: username => ({ type: 'agent', username, agent }),
})
