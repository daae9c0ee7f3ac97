import type { Change, Side } from '../../model/change.ts'
import type { Resource } from '../../model/resource.ts'
import type { Plan } from '../../model/task-type.ts'
import type { Script } from '../../text/sh.ts'

type Attributes = { readonly [name: string]: string | number | undefined }

/** Something of the host that has a name and attributes: an account, a group, a mount. */
export interface Thing<A extends Attributes> {
  /** For a person: `group deploy`. */
  readonly name: string
  /** Its attributes as they are; undefined where it is not there. */
  readonly found: A | undefined
  /** Its attributes as they are to be, those left out being the host's affair; undefined where it is not to be there. */
  readonly wanted: A | undefined
  readonly provides: readonly Resource[]
  readonly create: Script
  readonly remove: Script
  /** Sets one attribute of a thing that is there. */
  readonly set: (attribute: keyof A & string, value: string | number) => Script
  /** Brings back one that was removed, if all of it can be brought back. */
  readonly restore?: Script
  /** What is told of one that is made, or goes, if not its attributes. */
  readonly shown?: { readonly created?: Side; readonly removed?: Side }
}

/**
 * Brings a thing to its attributes: it is made, removed, or one change for each attribute that differs. The state that
 * this leads to has the fact `there` and one fact for each attribute, under its name.
 */
export function reconcile<A extends Attributes>(thing: Thing<A>): Plan {
  const { name, found, wanted, provides, create, remove, restore, shown = {} } = thing
  const path = name
  if (wanted === undefined) {
    if (found === undefined) return { changes: [] }
    const undo = restore === undefined ? {} : { undo: { sh: restore } }
    const before = shown.removed ?? given(found)
    const gone = { what: `remove ${name}`, before, after: null, path, provides: [], sh: remove, ...undo }
    return { changes: [gone], after: { there: false } }
  }
  const after = { there: true, ...given(wanted) }
  if (found === undefined) {
    const told = shown.created ?? given(wanted)
    const made = { what: `create ${name}`, before: null, after: told, path, provides, sh: create, undo: { sh: remove } }
    return { changes: [made], after }
  }
  return { changes: Object.keys(given(wanted)).flatMap(key => changeOf(thing, key as keyof A & string)), after }
}

const changeOf = <A extends Attributes>(
  { name, found, wanted, set, provides }: Thing<A>,
  key: keyof A & string,
): readonly Change[] => {
  const [was, now] = [found?.[key], wanted?.[key]]
  if (now === undefined || was === now) return []
  const change = {
    what: `set ${key} of ${name} to ${now}`,
    after: { [key]: now },
    path: name,
    provides,
    sh: set(key, now),
  }
  return [
    was === undefined
      ? { ...change, before: null }
      : { ...change, before: { [key]: was }, undo: { sh: set(key, was) } },
  ]
}

const given = (attributes: Attributes): { readonly [name: string]: string | number } =>
  Object.fromEntries(Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
