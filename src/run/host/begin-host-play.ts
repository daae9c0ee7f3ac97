import type { Task } from '../../model/playbook.ts'
import { chosen } from '../../schedule/tags.ts'
import { coming } from '../../walk/coming.ts'
import type { Cursor } from '../../walk/cursor.ts'
import { begin } from '../../walk/walk.ts'
import { HostFacts } from '../frame/host-facts.ts'
import { type Before, LookAhead } from '../frame/look-ahead.ts'
import { Probes } from '../frame/probes.ts'
import type { HostContext } from '../task/host-context.ts'
import type { HostPlay } from '../task/host-play.ts'
import { Notified } from '../task/notified.ts'
import { UndoLog } from '../task/undo.ts'

/** A host at the first step of a play. */
export function beginHostPlay(context: HostContext): HostPlay {
  const { play, start, first, check } = context
  const way = { cursor: begin(play, start) }
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
    undoable: new UndoLog(),
    pending: [],
    expected: [],
    unknown: new Set(),
  }
}

function* tasksToCome(cursor: Cursor, context: HostContext): Generator<Task> {
  for (const { task } of coming(cursor, context.play)) if (chosen(task, context)) yield task
}
