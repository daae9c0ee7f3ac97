import type { Play, Playbook } from '../model/playbook.ts'

// Names that the engine answers itself begin alike; those of facts are what is left.
const speaksOfFacts =
  /\bansible_(?!check_mode|connection|host\b|port|user|become|play_|ssh_|version|managed|loop|failed_)[a-z]/

const known = new WeakMap<Playbook, boolean>()

/** True when some file of the play speaks of facts: then they are asked for at once. */
export function usesFacts(playbook: Playbook, play: Play): boolean {
  if (play.gather_facts === false) return false
  const before = known.get(playbook)
  if (before !== undefined) return before
  const found = [...playbook.sources.values()].some(text => speaksOfFacts.test(text))
  known.set(playbook, found)
  return found
}
