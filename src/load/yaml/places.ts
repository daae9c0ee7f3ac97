import type { Locate, SourceNode } from '../../model/playbook.ts'
import { positions } from './positions.ts'
import { eventsOf } from './yaml-events.ts'

type Sources = ReadonlyMap<string, string>

// Per set of texts, the index of each file: made by its first reading, or when it is first asked for.
const indexes = new WeakMap<Sources, Map<string, Locate>>()

const indexesOf = (sources: Sources): Map<string, Locate> => {
  const known = indexes.get(sources)
  if (known !== undefined) return known
  const made = new Map<string, Locate>()
  indexes.set(sources, made)
  return made
}

/** Keeps what a file's first reading knows of its places. */
export const keepPlaces = (sources: Sources, file: string, locate: Locate): void =>
  void indexesOf(sources).set(file, locate)

/** Finds the places of values inside of a node, from the text of its file. A file without a text has one place. */
export const placesIn =
  (sources: Sources) =>
  ({ file, path: above }: SourceNode): Locate =>
  (path, what) => {
    const known = indexesOf(sources)
    let locate = known.get(file)
    if (locate === undefined) {
      const text = sources.get(file)
      locate =
        text === undefined
          ? () => ({ file, line: 1, column: 1 })
          : positions(text, eventsOf(text, { filename: file }).events, file)
      known.set(file, locate)
    }
    return locate([...above, ...path], what)
  }
