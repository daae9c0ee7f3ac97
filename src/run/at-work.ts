import type { Change } from '../model/change.ts'
import type { Task } from '../model/playbook.ts'
import type { Resource } from '../model/resource.ts'
import { coming } from '../walk/coming.ts'
import type { Cursor } from '../walk/cursor.ts'
import { begin } from '../walk/walk.ts'
import { HostFacts } from './frame/host-facts.ts'
import { type Before, LookAhead } from './frame/look-ahead.ts'
import { Probes } from './frame/probes.ts'
import type { HostContext } from './host-context.ts'
import { Notified } from './task/notified.ts'
import { chosen } from './task/run-task.ts'
import { Undoable } from './task/undo.ts'

/** Where a host is in its play. */
export interface Way {
  cursor: Cursor
}

/** All that one host's tasks share on their way through one play. */
export interface AtWork {
  readonly context: HostContext
  readonly way: Way
  readonly probes: Probes
  readonly facts: HostFacts
  readonly ahead: LookAhead
  readonly notified: Notified
  readonly undoable: Undoable
  /** What a dry run would have changed so far. */
  readonly pending: Change[]
  /** What those would bring. */
  readonly expected: Resource[]
  /** Names that a dry run could not register anything under. */
  readonly unknown: Set<string>
}

export function atWork(context: HostContext): AtWork {
  const { play, start, first, check } = context
  const way: Way = { cursor: begin(play, start) }
  const probes = new Probes()
  const notified = new Notified(context, way)
  const facts: HostFacts = new HostFacts(context, probes, () => ahead.probes())
  const before: Before = {
    handlers: () => (check ? [] : notified),
    tasks: () => tasksToCome(way.cursor, context),
    runsForAll: () => first,
  }
  const ahead: LookAhead = new LookAhead(context, { probes, facts, before })
  return {
    context,
    probes,
    facts,
    ahead,
    notified,
    way,
    undoable: new Undoable(),
    pending: [],
    expected: [],
    unknown: new Set(),
  }
}

function* tasksToCome(cursor: Cursor, context: HostContext): Generator<Task> {
  for (const { task } of coming(cursor, context.play)) if (chosen(task, context)) yield task
}
