import { Fault } from '../model/fault.ts'
import { TemplateError } from '../template/template.ts'
import { needIn } from './need.ts'

/** A mistake of the user's, a value that is nested too deeply, or something that is not known yet: no bug. */
export const isExpected = (error: unknown): boolean =>
  error instanceof Fault || error instanceof TemplateError || error instanceof RangeError || needIn(error) !== undefined

/**
 * What `read` gives; `otherwise` where it cannot be told: for what is said beside a task, and must not hide what became of
 * it. Bugs are thrown.
 */
export function quietly<T, U>(read: () => T, otherwise: U): T | U {
  try {
    return read()
  } catch (error) {
    if (isExpected(error)) return otherwise
    throw error
  }
}

/** As `quietly`, but facts and what other hosts set are not given up: who settles the whole gets them. */
export function unlessNeeded<T, U>(read: () => T, otherwise: U): T | U {
  try {
    return read()
  } catch (error) {
    const need = needIn(error)
    if (isExpected(error) && (need === undefined || need.kind === 'result')) return otherwise
    throw error
  }
}
