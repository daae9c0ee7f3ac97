import type { Change } from '../../model/change.ts'
import type { Resource } from '../../model/resource.ts'
import type { Cursor } from '../../walk/cursor.ts'
import type { HostFacts } from '../frame/host-facts.ts'
import type { LookAhead } from '../frame/look-ahead.ts'
import type { Probes } from '../frame/probes.ts'
import type { HostContext } from './host-context.ts'
import type { Notified } from './notified.ts'
import type { UndoLog } from './undo.ts'

/** All that one host's tasks share on their way through one play. */
export interface HostPlay {
  readonly context: HostContext
  /** Where it is in the play. */
  readonly way: { cursor: Cursor }
  readonly probes: Probes
  readonly facts: HostFacts
  readonly ahead: LookAhead
  readonly notified: Notified
  readonly undoable: UndoLog
  /** What a dry run would have changed so far. */
  readonly pending: Change[]
  /** What those would bring. */
  readonly expected: Resource[]
  /** Names that a dry run could not register anything under. */
  readonly unknown: Set<string>
}
