import type { Position } from '../../model/position.ts'
import { quietly } from '../../values/quietly.ts'
import { flag } from '../../values/render.ts'
import type { Cause } from '../../walk/cursor.ts'
import { close, leave } from '../../walk/walk.ts'
import type { HostPlay } from '../task/host-play.ts'
import { loseHost } from './lose-host.ts'
import type { Left } from './perform.ts'

/** The host does not go on with the next step: it may be lost, and the walk says where it goes instead. */
export function leaveStep(
  end: Left,
  { way, context }: HostPlay,
  at: { readonly position: Position; readonly rescued: boolean },
): void {
  // At once, and not when the host's `always` is through: until then the others would go on.
  if (end.status === 'unreachable' || (end.status === 'failed' && !at.rescued)) loseHost(end, at.position, context)
  const { rescues } = way.cursor
  const fatal = 'fatal' in end ? { fatal: end.fatal } : {}
  way.cursor = leave(way.cursor, { why: end.status, ...fatal }, context.play)
  // A rescue is counted when it takes over; one that is stopped on its way was none, and the failure counts.
  const more = way.cursor.rescues - rescues
  context.memory.counts.rescued += more
  if (more < 0) context.memory.counts.failed -= more
}

/** `force_handlers`: whether a host that leaves early runs the handlers that are due. */
export function chooseLastHandlers({ why, fatal }: Cause, { way, context }: HostPlay, position: Position): void {
  const { play, template, scopeOf } = context
  // It may be that a rescue was stopped on its way: then the failure is told now.
  if (why === 'failed') loseHost({ status: why, fatal: fatal === true }, position, context)
  const forced = quietly(() => flag(play.force_handlers, scopeOf(undefined, {}), template), false)
  way.cursor = close(way.cursor, forced, play)
}

/** How the play ended for the host; one that failed or could not be reached has been told so already. */
export function noteEnd(cause: Cause | undefined, { context }: HostPlay): void {
  if (cause === undefined || cause.why === 'ended') context.memory.left = 'ended'
  else if (cause.why === 'stopped' || cause.why === 'interrupted') context.memory.left = 'stopped'
}
