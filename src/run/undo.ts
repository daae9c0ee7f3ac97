import type { Change } from '../model/change.ts'
import type { Shell } from '../shell/shell.ts'
import type { Outcome } from './outcome.ts'

/** The changes a play made on a host, newest last, so that they can be taken back. */
export class Undoable {
  readonly #made: { readonly change: Change; readonly shell: Shell }[] = []

  get empty(): boolean {
    return this.#made.length === 0
  }

  add(outcome: Outcome, shell: Shell): void {
    for (const change of outcome.changes.slice(0, outcome.made)) this.#made.push({ change, shell })
  }

  /** Newest first, one round trip a shell. `kept`: what cannot be taken back, or would not go. */
  async takeBack(): Promise<{ readonly undone: readonly string[]; readonly kept: readonly string[] }> {
    const undone: string[] = []
    const kept: string[] = []
    for (const { change, shell } of this.#made.splice(0).reverse()) {
      if (change.undo === undefined) {
        kept.push(change.what)
        continue
      }
      const output = await shell.run(change.undo.sh, { payload: change.undo.payload })
      ;(output.code === 0 ? undone : kept).push(change.what)
    }
    return { undone, kept }
  }
}
