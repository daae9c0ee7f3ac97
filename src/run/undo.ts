import type { Change, Deed } from '../model/change.ts'
import type { Shell } from '../shell/shell.ts'
import type { Outcome } from './outcome.ts'

interface Made {
  readonly change: Change
  readonly shell: Shell
}

/** The changes a play made on a host, newest last, so that they can be taken back. */
export class Undoable {
  readonly #made: Made[] = []

  get empty(): boolean {
    return this.#made.length === 0
  }

  add(outcome: Outcome, shell: Shell): void {
    for (const change of outcome.changes.slice(0, outcome.made)) this.#made.push({ change, shell })
  }

  /**
   * Newest first; then what had been read from the changed files (a service its configuration) is read again, oldest
   * first. `kept`: what cannot be taken back, or failed to be.
   */
  async takeBack(): Promise<{ readonly undone: readonly string[]; readonly kept: readonly string[] }> {
    const undone: string[] = []
    const kept: string[] = []
    const attempt = async ({ change, shell }: Made, deed: Deed | undefined): Promise<void> => {
      const output = deed === undefined ? undefined : await shell.run(deed.sh, { payload: deed.payload })
      ;(output?.code === 0 ? undone : kept).push(change.what)
    }
    const made = this.#made.splice(0)
    for (const one of made.toReversed()) if (one.change.afterUndo === undefined) await attempt(one, one.change.undo)
    for (const one of made) if (one.change.afterUndo !== undefined) await attempt(one, one.change.afterUndo)
    return { undone, kept }
  }
}
