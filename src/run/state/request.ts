import type { Emit } from '../../model/event.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { LoadedPlaybook } from '../../model/playbook.ts'
import type { Recorder } from '../../model/record.ts'
import type { Target } from '../../model/target.ts'
import type { BecomeOptions } from '../../shell/become.ts'
import type { Shell } from '../../shell/shell.ts'
import type { ConnectionOptions } from '../../values/target-of.ts'

/** All that a run depends on. Clock, randomness, environment and folder are arguments: nothing is read from the process. */
export interface RunRequest {
  readonly playbooks: readonly LoadedPlaybook[]
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
  readonly connection?: ConnectionOptions
  /** Opens shells in another way than the real one: for measuring, and for tests, a host is played back. */
  readonly connect?: (target: Target, become: BecomeOptions | undefined) => Shell | Promise<Shell>
  /** Asks the person; a password is asked at most once a run. */
  readonly ask: (what: 'become' | 'login' | 'step', prompt: string) => Promise<string>
  /** The person wants no more of the run: `signal` is to be aborted. */
  readonly quit?: () => void
  readonly emit: Emit
  /** Takes what happens in more detail than events tell it, for a journal: see `RunRecord`. */
  readonly record?: Recorder
  /** Aborted: nothing new begins. */
  readonly signal: AbortSignal
  /** Aborted after `signal`: what is under way is cancelled at once. */
  readonly now?: AbortSignal
  /** Seconds that what is under way may still take after that, before it is cancelled (10). */
  readonly grace?: number
  readonly environment: {
    readonly env: Readonly<Record<string, string | undefined>>
    readonly cwd: string
    readonly now: () => Date
    readonly random: (bytes: number) => Uint8Array
  }
  readonly detailedExitcode?: boolean
  /** How much is told (0), and whether differences are: playbooks may ask. */
  readonly verbosity?: number
  readonly diff?: boolean
}

/** The request as the run itself sees it: all that it tells goes through one border as records. */
export interface InnerRequest extends Omit<RunRequest, 'emit' | 'record'> {
  readonly record: Recorder
  /** The same, where somebody keeps what events do not tell: how far a change has come. */
  readonly journal?: Recorder
}
