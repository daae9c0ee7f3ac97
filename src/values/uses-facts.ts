import { isNoFact } from '../model/known-names.ts'
import type { LoadedPlaybook, Play } from '../model/playbook.ts'

// Names that the engine answers itself begin alike; those of facts are what is left.
const speaksOfFacts = (text: string): boolean =>
  (text.match(/\bansible_[a-z0-9_]+/g) ?? []).some(name => !isNoFact(name))

const known = new WeakMap<LoadedPlaybook, boolean>()

/** True when some file of the play speaks of facts: then they are asked for at once. */
export function usesFacts(playbook: LoadedPlaybook, play: Play): boolean {
  if (play.gather_facts === false) return false
  const before = known.get(playbook)
  if (before !== undefined) return before
  const found = [...playbook.sources.values()].some(speaksOfFacts)
  known.set(playbook, found)
  return found
}
