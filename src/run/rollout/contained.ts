import type { Emit, Event } from '../../model/event.ts'

/**
 * Whoever listens to a run must not end it: what a listener throws is told as a warning, once, and the run goes on.
 * `broken` says that it happened.
 */
export function contained(listener: Emit): { readonly emit: Emit; readonly broken: () => boolean } {
  let first = true
  const attempt = (event: Event): unknown => {
    try {
      listener(event)
      return undefined
    } catch (error) {
      return error ?? new Error('nothing was said')
    }
  }
  return {
    emit: event => {
      const error = attempt(event)
      if (error === undefined || !first) return
      first = false
      const about = 'host' in event ? ` of ${event.host}` : ''
      const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      attempt({ event: 'warning', message: `the report failed at a '${event.event}' event${about}: ${told}` })
    },
    broken: () => !first,
  }
}
