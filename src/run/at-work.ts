import type { Change } from '../model/change.ts'
import type { Task } from '../model/playbook.ts'
import type { Resource } from '../model/resource.ts'
import { HostFacts } from './frame/host-facts.ts'
import { type Before, LookAhead } from './frame/look-ahead.ts'
import { Probes } from './frame/probes.ts'
import type { HostContext } from './host-context.ts'
import { RoleCalls } from './role-calls.ts'
import { Notified } from './task/notified.ts'
import { chosen } from './task/run-task.ts'
import { Undoable } from './task/undo.ts'

/** All that one host's tasks share on their way through one play. */
export interface AtWork {
  readonly context: HostContext
  readonly probes: Probes
  readonly facts: HostFacts
  readonly ahead: LookAhead
  readonly notified: Notified
  readonly undoable: Undoable
  readonly roleCalls: RoleCalls
  /** What a dry run would have changed so far. */
  readonly pending: Change[]
  /** What those would bring. */
  readonly expected: Resource[]
  /** Names that a dry run could not register anything under. */
  readonly unknown: Set<string>
}

export function atWork(context: HostContext, coming: readonly Task[]): AtWork {
  const { batch, walker, check } = context
  const probes = new Probes()
  const notified = new Notified(context)
  const facts: HostFacts = new HostFacts(context, probes, () => ahead.probes())
  const before: Before = {
    handlers: () => (check ? [] : notified),
    tasks: () => coming.filter(task => chosen(task, batch.places.of(task), context)),
    runsForAll: () => batch.walkers[0] === walker,
  }
  const ahead: LookAhead = new LookAhead(context, { probes, facts, before })
  return {
    context,
    probes,
    facts,
    ahead,
    notified,
    undoable: new Undoable(),
    roleCalls: new RoleCalls(),
    pending: [],
    expected: [],
    unknown: new Set(),
  }
}
