import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Locate, Task } from '../../model/playbook.ts'
import { Interrupted } from '../../shell/interrupted.ts'
import { BecomeFailed, Unreachable } from '../../shell/shell.ts'
import { NulByte } from '../../text/sh.ts'
import { quietly } from '../../values/quietly.ts'
import { faultAt } from '../../values/render.ts'
import { TaskTypeError } from '../frame/type-code.ts'
import { failure, type Outcome } from './outcome.ts'

/** The task, or `meta`, in which something was thrown. */
export interface ErrorContext extends Pick<Task, 'at'>, Partial<Pick<Task, 'type'>> {
  /** Where values stand inside of it. */
  readonly locate?: Locate
  /** Its rendered params, where it came so far. */
  readonly lazy?: JsonObject | undefined
}

/**
 * Whatever was thrown while a task ran is that task's failure on that host: a mistake of the user's with its place, a bug
 * with what is needed to report it. Only what ends the host's way through the play goes up.
 */
export function asOutcome(thrown: unknown, task: ErrorContext): Outcome {
  if (endsHost(thrown)) throw thrown
  if (thrown instanceof BecomeFailed) return failure(thrown.message, { at: task.at })
  const error = faultAt(thrown instanceof NulByte ? nulFault(task) : thrown, task.at)
  if (error instanceof Fault) {
    const told = error.all
      .map(fault => (fault.hint === undefined ? fault.message : `${fault.message} (${fault.hint})`))
      .join('\n')
    return failure(told, { at: error.at })
  }
  if (error instanceof TaskTypeError && error.type.origin !== undefined) return ofUsersType(error, task)
  if (tooDeep(error)) return failure('a value is nested too deeply to be worked with', { at: task.at })
  const where =
    error instanceof TaskTypeError ? `${error.type.name} failed in its ${error.stage}: ${error.message}` : nameOf(error)
  return failure(`a bug in mlplay, not in your files: ${where}. Please report it, with the lines below`, {
    at: task.at,
    stderr: stackOf(error),
    bug: true,
  })
}

/** The host's way through the play ends: no task is to blame. */
export const endsHost = (error: unknown): boolean => error instanceof Interrupted || error instanceof Unreachable

export const stackOf = (error: unknown): string => {
  const deepest = error instanceof TaskTypeError && error.cause !== undefined ? error.cause : error
  return deepest instanceof Error ? (deepest.stack ?? deepest.message) : String(deepest)
}

const nameOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

const tooDeep = (error: unknown): boolean => {
  const cause = error instanceof TaskTypeError ? error.cause : error
  return cause instanceof RangeError && /call stack/i.test(cause.message)
}

const loaded = /data:text\/javascript;base64,[A-Za-z0-9+/=]*:(\d+):(\d+)/g

const ofUsersType = (error: TaskTypeError, task: ErrorContext): Outcome => {
  const { name, origin } = error.type
  const placeOf = (line: string | undefined, column: string | undefined) =>
    origin?.placeOf(Number(line), Number(column)) ?? { file: origin?.file ?? '', line: 1, column: 1 }
  const stack = stackOf(error)
  const [first] = stack.matchAll(loaded)
  const at = first === undefined ? undefined : placeOf(first[1], first[2])
  const readable = stack.replaceAll(loaded, (_, line: string, column: string) => {
    const place = placeOf(line, column)
    return `${place.file}:${place.line}:${place.column}`
  })
  const lines = readable
    .split('\n')
    .filter(line => !/^\s+at .*(node:internal|mlplay\/(src|dist)|\/dist\/chunks\/)/.test(line))
  const where = at === undefined ? origin?.file : `${at.file}:${at.line}:${at.column}`
  return failure(`the task type '${name}' (${where}) failed in its ${error.stage}: ${error.message}`, {
    at: task.at,
    stderr: lines.join('\n'),
  })
}

const nulFault = ({ type = 'meta', at, locate, lazy = {} }: ErrorContext): Fault => {
  const name = Object.keys(lazy).find(one => holdsNul(quietly(() => lazy[one], undefined)))
  const what = name === undefined ? `a value of ${type}` : `'${name}' of ${type}`
  return new Fault('value', `${what} holds a NUL byte, which no command, path or variable can carry`, {
    at: name === undefined || locate === undefined ? at : locate([type, name]),
  })
}

const holdsNul = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : value !== null && typeof value === 'object' && Object.values(value).some(holdsNul)
