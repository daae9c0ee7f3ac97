import type { At } from '../text/position.ts'
import type { Address } from './address.ts'
import type { ChangeReport, Event, Status } from './event.ts'

/** What a play or a task is called; the address is the same in each run of the same files, the name need not be its own. */
export interface Named {
  readonly address: Address
  readonly name: string
}

/** A step of a play on a host. */
export interface StepPlace {
  readonly play: Named
  readonly host: string
  readonly step: Named & { readonly type: string; readonly handler?: boolean }
}

/** One turn of a task's loop on a host, or the task itself where it has no loop. */
export interface ItemPlace extends StepPlace {
  readonly item?: { readonly index: number; readonly label: string }
}

/** A change as it may be told of: contents that are nobody's business are told by their size. */
export interface ChangeRecord extends ChangeReport {
  /** Unified diff, no colours. */
  readonly diff: string
}

/** What became of an item. */
export interface ItemRecord {
  readonly record: 'item'
  readonly place: ItemPlace
  readonly status: Status
  readonly changes: readonly ChangeRecord[]
  readonly message?: string
  readonly stdout?: string
  readonly stderr?: string
  readonly at?: At
  readonly ms: number
  /** Changes that were really begun, also where a later one failed. */
  readonly made: number
  /** The effect was seen again by the probe. */
  readonly verified: boolean
  /** A dry run could not tell whether it would change anything. */
  readonly mayChange: boolean
  /** It came of a bug in mlplay. */
  readonly bug: boolean
}

/**
 * What happened in a run, in its order, as plain data. Events, the recap and the exit code are made from records, and a
 * journal keeps them: `planned`, `changing` (before the first byte of a change is sent), `changed` and `verified` say
 * how far a change has come, whenever the run is cut off. Secrets are masked before a record leaves the run.
 */
export type RunRecord =
  | Told<'run'>
  | {
      readonly record: 'play'
      readonly play: Named
      readonly hosts: readonly string[]
      readonly batch?: readonly [number, number]
    }
  | { readonly record: 'started'; readonly place: StepPlace }
  | { readonly record: 'planned'; readonly place: ItemPlace; readonly changes: readonly ChangeRecord[] }
  | { readonly record: 'changing'; readonly place: ItemPlace }
  | { readonly record: 'changed'; readonly place: ItemPlace; readonly made: number }
  | { readonly record: 'verified'; readonly place: ItemPlace }
  | ItemRecord
  | {
      /** A try failed and another follows. */
      readonly record: 'retry'
      readonly place: ItemPlace
      readonly attempt: number
      readonly attempts: number
      /** Seconds until the next one. */
      readonly delay: number
      readonly message?: string
    }
  | {
      /** The person's second signal, or the end of the grace, cut a task off. */
      readonly record: 'cancelled'
      readonly place: StepPlace
      /** False: the host did not answer any more, so what the task had started may still run there. */
      readonly confirmed: boolean
    }
  | {
      readonly record: 'rollback'
      readonly place: StepPlace
      readonly undone: readonly string[]
      readonly notUndone: readonly string[]
    }
  | {
      readonly record: 'handler'
      readonly play: Named
      readonly host: string
      readonly handler: Named
      readonly state: 'pending' | 'ran' | 'not_run'
    }
  | {
      /** The host takes no part in the run any more. */
      readonly record: 'lost'
      readonly play: Named
      readonly host: string
      readonly how: 'failed' | 'unreachable'
      readonly message?: string
    }
  | Told<'warning'>
  | Told<'interrupted'>
  | Told<'summary'>

/** A record that is told as it is, by the event of the same name. */
type Told<K extends Event['event']> = { readonly record: K } & Omit<Extract<Event, { readonly event: K }>, 'event'>

/** Takes what happens in a run. */
export type Recorder = (record: RunRecord) => void
