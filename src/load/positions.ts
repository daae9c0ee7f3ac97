import {
  EVENT_ALIAS,
  EVENT_DOCUMENT,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  type parseEvents,
} from 'js-yaml'
import type { Locate } from '../model/playbook.ts'
import type { At } from '../text/position.ts'

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
    const dash = source.indexOf('-', reached)
    const start = dash < 0 ? reached : dash
    reached = start + 1
    return { start, end: reached, text: '' }
  }
  let reached = 0
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
    const length = Math.max(1, (source.slice(place.start, place.end).split('\n')[0] ?? '').length)
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
  const own = place.pairs?.find(([key]) => key.text === String(step))
  if (own !== undefined) return own
  for (const [key, merged] of place.pairs ?? []) {
    if (key.text !== '<<') continue
    for (const source of merged.items ?? [merged]) {
      const found = child(source, step)
      if (found !== undefined) return found
    }
  }
  return undefined
}
