import type { Emit } from '../model/event.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Playbook } from '../model/playbook.ts'
import type { Shell } from '../shell/shell.ts'

/** All that a run depends on. Clock, randomness, environment and folder are arguments: nothing is read from the process. */
export interface RunRequest {
  readonly playbooks: readonly Playbook[]
  readonly inventory: Inventory
  readonly check: boolean
  readonly limit?: string
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly extraVars: Readonly<Record<string, unknown>>
  /** Hosts at work at once. */
  readonly forks: number
  readonly become?: boolean
  readonly becomeUser?: string
  readonly remoteUser?: string
  readonly startAtTask?: string
  /** Ask before each task. */
  readonly step?: boolean
  readonly privateKey?: string
  /** Asks the person; a password is asked at most once a run. */
  readonly ask: (what: 'become' | 'login' | 'step', prompt: string) => Promise<string>
  readonly emit: Emit
  readonly signal: AbortSignal
  readonly environment: {
    readonly env: Readonly<Record<string, string | undefined>>
    readonly cwd: string
    readonly now: () => Date
    readonly random: (bytes: number) => Uint8Array
  }
  readonly detailedExitcode?: boolean
  /** Gives a host's shell in the place of those the engine would open: for measuring, and for tests. */
  readonly connect?: (target: { readonly name: string }, become?: { readonly user: string }) => Shell
}
