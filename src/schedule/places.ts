import type { Play, Step } from '../model/playbook.ts'

/** Where each step of a play stands: numbers that only rise on a host's way, whatever it skips, rescues or flushes. */
export interface Places {
  of(step: Step): number
  /** Where handlers run after a section: 0 pre_tasks, 1 tasks, 2 post_tasks. */
  afterSection(section: number): number
  /** A handler's place in a flush that happens at `flush`: between it and the next step. */
  handler(flush: number, index: number): number
  /** After all steps: for handlers that are forced. */
  readonly end: number
}

export function placesOf(play: Play): Places {
  const places = new Map<Step, number>()
  let next = 0
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      places.set(step, next++)
      if (step.kind === 'block') for (const part of [step.block, step.rescue, step.always]) walk(part)
    }
  }
  const ends = [play.pre_tasks, play.tasks, play.post_tasks].map(section => {
    walk(section)
    return next++
  })
  return {
    of: step => places.get(step) ?? next,
    afterSection: section => ends[section] ?? next,
    handler: (flush, index) => flush + (index + 1) / (play.handlers.length + 1),
    end: next,
  }
}
