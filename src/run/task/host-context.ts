import type { Coordinator } from '../../model/coordinator.ts'
import type { Locate, Play, SourceNode } from '../../model/playbook.ts'
import type { Position } from '../../model/position.ts'
import type { Recorder } from '../../model/record.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import type { Shell } from '../../shell/shell.ts'
import type { Scope } from '../../template/template.ts'
import type { Secrets } from '../../text/redact.ts'
import type { ScopeOf } from '../../values/host-scopes.ts'
import type { WatchedOptions } from '../../values/watched.ts'
import type { RunAs } from '../session/connect.ts'
import type { HostState } from '../state/host-state.ts'

/** What one host's way through one play is made from. */
export interface HostContext {
  readonly play: Play
  readonly memory: HostState
  /** What keeps it together with the other hosts of its batch, of which it may be the first. */
  readonly coordinator: Coordinator
  readonly first: boolean
  /** It closes its connections after each task: its batch has more hosts than may be connected at once. */
  readonly crowded: boolean
  readonly types: ReadonlyMap<string, AnyTaskType>
  /** Where values stand inside of a task. */
  readonly places: (node: SourceNode) => Locate
  readonly check: boolean
  readonly record: Recorder
  /** Where somebody keeps how far a change has come. */
  readonly journal?: Recorder
  readonly secrets: Secrets
  readonly template: WatchedOptions
  readonly signal: AbortSignal
  readonly hardSignal: AbortSignal
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly become: unknown
  readonly becomeUser: string | undefined
  /** True when some file of the play speaks of facts: then they ride in the first round trip. */
  readonly usesFacts: boolean
  readonly scopeOf: ScopeOf
  /** Another host, for `delegate_to`: its own variables say how it is reached. */
  readonly other: (name: string) => { readonly memory: HostState; readonly scope: Scope }
  /** Waits until another host has come as far as this one, or has left. */
  readonly reached: (host: string) => Promise<void>
  /** Some file of the play reads other hosts' variables: facts are there from the beginning, as in Ansible. */
  readonly readsOthers: boolean
  /** All hosts of the play, for `clear_host_errors`. */
  readonly companions: () => readonly HostState[]
  readonly openShell: (wish: RunAs) => Promise<Shell>
  /** Steps before this position are left out: `--start-at-task`. */
  readonly start: Position | undefined
  /** `--step`: whether the person wants the task, whose preview is what it would do here, as lines. */
  readonly step?: (task: {
    readonly id: string
    readonly task: string
    readonly preview: () => Promise<readonly string[]>
  }) => Promise<boolean>
  readonly now: () => Date
  readonly random: (bytes: number) => Uint8Array
}
