import type { AnyAuthMethod } from 'ssh2'
import { Unreachable } from '../shell.ts'
import { type AgentKey, agentKeys } from './agent-keys.ts'
import { type KeyFile, readKeyFile } from './private-key.ts'
import type { SshSettings } from './settings.ts'

/** One key to offer, with its name for messages. */
export interface Identity {
  readonly label: string
  /** The SSH key type: ssh-ed25519, ssh-rsa, ... */
  readonly type: string
  readonly method: (username: string) => AnyAuthMethod
}

export interface Identities {
  readonly offered: readonly Identity[]
  /** Key files that need a passphrase. */
  readonly locked: readonly string[]
  /** Why other keys are not offered. */
  readonly notes: readonly string[]
}

/** sshd disconnects after six failed attempts (MaxAuthTries); one is left for a password. */
const MOST_KEYS = 5

/** The keys of a run. Each file is read once, each passphrase asked for once. */
export class KeyRing {
  readonly #ask: (prompt: string) => Promise<string>
  readonly #files = new Map<string, KeyFile>()
  readonly #unlocking = new Map<string, Promise<KeyFile>>()
  readonly #agents = new Map<string, Promise<readonly AgentKey[]>>()

  constructor(ask: (prompt: string) => Promise<string>) {
    this.#ask = ask
  }

  /** The keys to offer to one host: the configured ones, then the others of the agent unless `IdentitiesOnly` is set. */
  async identities(settings: SshSettings, explicit: string | undefined): Promise<Identities> {
    if (!settings.publicKeys) return { offered: [], locked: [], notes: [] }
    const held = settings.agent === undefined ? [] : await this.#agent(settings.agent)
    const offered = new Map<string, Identity>()
    const locked: string[] = []
    const notes: string[] = []
    // A missing default key is skipped; one that was asked for by name is an error.
    const missing = explicit !== undefined && !settings.identityFiles.includes(explicit)
    for (const path of [...(missing ? [explicit] : []), ...settings.identityFiles]) {
      let file = this.#file(path)
      const blob = file.kind === 'locked' || file.kind === 'public' ? file.blob : undefined
      const inAgent = held.find(key => key.blob === blob)
      // A key that was asked for by name is unlocked before the first attempt.
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

  /** Asks for the passphrase of a key file, once per run. */
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
