import type { Measured } from '../measure.ts'
import type { Place } from '../place.ts'

/** What is asked of an engine: bring the hosts to the role's state, or say what that would change. */
export interface Ask {
  readonly dry: boolean
  /** Another rate limit than the role's: one file of eleven tasks differs. */
  readonly rate?: number
}

export interface Outcome extends Measured {
  /** Tasks that changed, or would, on all hosts together; unknown where an engine does not say. */
  readonly changed?: number
  /** A host's: as the engine itself counts them, or at the wire where there is one to look at. */
  readonly roundTrips?: number
}

export interface Engine {
  readonly name: string
  readonly run: (place: Place, ask: Ask) => Promise<Outcome>
}

/** The folder with the role in all its tongues. */
export const roleFolder = new URL('../role/', import.meta.url).pathname
