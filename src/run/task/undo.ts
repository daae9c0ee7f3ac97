import type { Change, ChangeScript } from '../../model/change.ts'
import type { Task } from '../../model/playbook.ts'
import type { FramePart } from '../../shell/shell.ts'
import { type ScriptOptions, type Shell, Unreachable } from '../../shell/shell.ts'
import type { Outcome } from './outcome.ts'

interface Made {
  readonly change: Change
  readonly shell: Shell
  /** What the change came from, to be told apart from others. */
  readonly source: object
  /** The handlers that it notified, and those of them that ran since. */
  readonly handlers: Set<Task>
  readonly ran: Set<Task>
}

/** What became of a play's changes when they were taken back. */
export interface UndoResult {
  readonly undone: readonly string[]
  /** What cannot be taken back, or failed to be. */
  readonly notUndone: readonly string[]
  /** Handlers that have nothing to do any more: all that notified them is undone. */
  readonly needless: readonly Task[]
  /** Handlers that had run on account of what is undone now: what they loaded is old again. */
  readonly again: readonly Task[]
}

// An undo is a copy or a removal: one that takes longer hangs, and must not keep the run from its end.
const LONGEST = 60_000

/** The changes a play made on a host, newest last, so that they can be taken back. */
export class UndoLog {
  readonly #made: Made[] = []

  get empty(): boolean {
    return this.#made.length === 0
  }

  /** `source`: the item that made them. */
  add(outcome: Outcome, shell: Shell, source: object = outcome): void {
    for (const change of outcome.changes.slice(0, outcome.made))
      this.#made.push({ change, shell, source, handlers: new Set(), ran: new Set() })
  }

  /** An item's changes notified these handlers. */
  notified(source: object, handlers: readonly Task[]): void {
    for (const made of this.#made)
      if (made.source === source) for (const handler of handlers) made.handlers.add(handler)
  }

  ran(handler: Task): void {
    for (const { handlers, ran } of this.#made) if (handlers.has(handler)) ran.add(handler)
  }

  /**
   * Newest first; then what had been read from the changed files (a service its configuration) is read again, oldest
   * first. Changes that were made one after the other in one shell are taken back in one round trip. Each has a minute,
   * and the signal ends it as it ends a task.
   */
  async takeBack(signal?: AbortSignal): Promise<UndoResult> {
    const made = this.#made.splice(0)
    const files = made.filter(one => one.change.afterUndo === undefined).toReversed()
    const readers = made.filter(one => one.change.afterUndo !== undefined)
    const limits = signal === undefined ? {} : { signal }
    const undone = new Set([
      ...(await deedsDone(files, one => one.change.undo, limits)),
      ...(await deedsDone(readers, one => one.change.afterUndo, limits)),
    ])
    const order = [...files, ...readers]
    const [gone, notUndone] = [order.filter(one => undone.has(one)), order.filter(one => !undone.has(one))]
    const due = new Set(notUndone.flatMap(({ handlers }) => [...handlers]))
    const again = new Set(gone.flatMap(({ ran }) => [...ran]))
    const all = new Set(gone.flatMap(({ handlers }) => [...handlers]))
    return {
      undone: gone.map(({ change }) => change.what),
      notUndone: notUndone.map(({ change }) => change.what),
      needless: [...all].filter(handler => !due.has(handler) && !again.has(handler)),
      again: [...again],
    }
  }
}

/** Which of the changes were taken back: a shell that is lost keeps what is left of its own. */
async function deedsDone(
  made: readonly Made[],
  deedOf: (made: Made) => ChangeScript | undefined,
  limits: ScriptOptions,
): Promise<readonly Made[]> {
  const done: Made[] = []
  const able = made.filter(one => deedOf(one) !== undefined)
  for (let i = 0; i < able.length; ) {
    const first = able[i] as Made
    const other = able.findIndex((one, at) => at > i && one.shell !== first.shell)
    const stretch = able.slice(i, other < 0 ? able.length : other)
    i += stretch.length
    const parts = stretch.flatMap((one): readonly FramePart[] => {
      const deed = deedOf(one)
      return deed === undefined ? [] : [{ script: deed.sh, payload: deed.payload, timeout: LONGEST }]
    })
    try {
      const outputs = await first.shell.runAll(parts, limits)
      done.push(...stretch.filter((_, at) => outputs[at]?.code === 0))
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
    }
  }
  return done
}
