import {
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  type parseEvents,
} from 'js-yaml'
import type { Locate } from '../../model/playbook.ts'
import type { At } from '../../text/position.ts'

interface Place {
  readonly start: number
  readonly end: number
  readonly pairs?: (readonly [Place, Place])[]
  readonly items?: Place[]
  readonly text?: string
}

type YamlEvents = ReturnType<typeof parseEvents>

/** Where every key and value of a document stands, by its path. Paths through aliases and `<<` lead to the original. */
export function positions(source: string, events: YamlEvents, file: string): Locate {
  const anchors = new Map<string, Place>()
  const root: Place = { start: 0, end: 0, items: [] }
  const open: { readonly place: Place; key?: Place }[] = [{ place: root }]
  const add = (place: Place) => {
    const top = open.at(-1)
    if (top === undefined) return
    if (top.place.items !== undefined) top.place.items.push(place)
    else if (top.key === undefined) top.key = place
    else {
      top.place.pairs?.push([top.key, place])
      top.key = undefined
    }
  }
  const named = (event: { readonly anchorStart: number; readonly anchorEnd: number }, place: Place) => {
    if (event.anchorStart >= 0) anchors.set(source.slice(event.anchorStart, event.anchorEnd), place)
  }
  const written = (start: number, end: number): Place => {
    const text = source.slice(start, end)
    // A block's text begins after its indentation.
    return { start: start + (text.length - text.trimStart().length) * Number(source[start - 1] === '\n'), end, text }
  }
  // A value that is not written is told at its key, or at the dash of its entry.
  const nothingThere = (): Place => {
    const key = open.at(-1)?.key
    if (key !== undefined) return { start: key.start, end: key.end, text: '' }
    // Looked for only as long as there is one: each search goes to the end of the file.
    const dash = dashes ? source.indexOf('-', reached) : -1
    dashes = dash >= 0
    const start = dashes ? dash : reached
    reached = start + 1
    return { start, end: reached, text: '' }
  }
  let reached = 0
  let dashes = true
  for (const event of events) {
    if (event.type === EVENT_DOCUMENT) continue
    if (event.type === EVENT_SCALAR) {
      const place = event.valueStart < 0 ? nothingThere() : written(event.valueStart, event.valueEnd)
      reached = Math.max(reached, event.valueEnd)
      named(event, place)
      add(place)
    } else if (event.type === EVENT_ALIAS)
      add(
        anchors.get(source.slice(event.anchorStart, event.anchorEnd)) ?? {
          start: event.anchorStart,
          end: event.anchorEnd,
        },
      )
    else if (event.type === EVENT_MAPPING || event.type === EVENT_SEQUENCE) {
      const place: Place =
        event.type === EVENT_MAPPING
          ? { start: event.start, end: event.start + 1, pairs: [] }
          : { start: event.start, end: event.start + 1, items: [] }
      reached = Math.max(reached, event.start)
      named(event, place)
      add(place)
      open.push({ place })
    } else if (event.type === EVENT_POP) open.pop()
  }
  const starts = [0]
  for (let i = source.indexOf('\n'); i >= 0; i = source.indexOf('\n', i + 1)) starts.push(i + 1)
  const at = (place: Place): At => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= place.start) low = middle
      else high = middle - 1
    }
    const line = starts[low] ?? 0
    const lineEnd = starts[low + 1] ?? source.length + 1
    const length = Math.max(1, Math.min(place.end, lineEnd - 1) - place.start)
    return { file, line: low + 1, column: place.start - line + 1, length }
  }
  return (path, what = 'value') => {
    let here: Place = root.items?.[0] ?? root
    let key: Place | undefined
    for (const step of path) {
      const found = child(here, step)
      if (found === undefined) break
      ;[key, here] = found
    }
    return at(what === 'key' && key !== undefined ? key : here)
  }
}

const child = (place: Place, step: string | number): readonly [Place | undefined, Place] | undefined => {
  if (place.items !== undefined) {
    const item = place.items[Number(step)]
    return item === undefined ? undefined : [undefined, item]
  }
  if (place.pairs === undefined) return undefined
  const { own, merged } = keysOf(place, place.pairs)
  const pair = own.get(String(step))
  if (pair !== undefined) return pair
  for (const source of merged) {
    const found = child(source, step)
    if (found !== undefined) return found
  }
  return undefined
}

interface Keys {
  readonly own: ReadonlyMap<string | undefined, readonly [Place, Place]>
  /** What `<<` brings in. */
  readonly merged: readonly Place[]
}

const keys = new WeakMap<Place, Keys>()

// Made once for a map: a file of many entries is asked for each of them.
const keysOf = (place: Place, pairs: NonNullable<Place['pairs']>): Keys => {
  const known = keys.get(place)
  if (known !== undefined) return known
  const made: Keys = {
    // The first of two keys of one name is the one that is found.
    own: new Map(pairs.toReversed().map(pair => [pair[0].text, pair] as const)),
    merged: pairs.filter(([key]) => key.text === '<<').flatMap(([, value]) => value.items ?? [value]),
  }
  keys.set(place, made)
  return made
}
