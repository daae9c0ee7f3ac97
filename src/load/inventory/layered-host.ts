import type { Host } from '../../model/inventory.ts'
import type { Vars } from '../../model/playbook.ts'

/**
 * A host that merges its variables when they are asked for. Ten thousand hosts with a hundred variables of their group
 * would be a million entries if each host held a copy.
 */
export class LayeredHost implements Host {
  readonly name: string
  readonly groups: readonly string[]
  readonly layers: readonly Vars[]
  // Weak: a host at work reads its variables often, one that is through needs them no more.
  #merged: WeakRef<Vars> | undefined

  constructor(name: string, groups: readonly string[], layers: readonly Vars[]) {
    this.name = name
    this.groups = groups
    this.layers = layers
  }

  get vars(): Vars {
    const [first = nothing, ...stronger] = this.layers
    if (stronger.length === 0) return first
    const known = this.#merged?.deref()
    if (known !== undefined) return known
    const made = mergeVars(this.layers)
    this.#merged = new WeakRef(made)
    return made
  }
}

const nothing: Vars = {}

// A spread defines properties and never assigns them: a variable called __proto__ is a variable.
export const mergeVars = (layers: readonly Vars[]): Vars => {
  let vars: Vars = {}
  for (const layer of layers) vars = { ...vars, ...layer }
  return vars
}
