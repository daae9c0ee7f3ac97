import { Fault } from '../model/fault.ts'
import type { Scope } from '../template/template.ts'
import { answer, lacking } from './need.ts'

/** Variables of one source. `data` came from a host or a result: it is never rendered, whatever it looks like. */
export interface Layer {
  readonly vars: Readonly<Record<string, unknown>>
  readonly data?: boolean
  /** Names that it will have once the host's facts are gathered: asking for one needs them. */
  readonly awaited?: (name: string) => boolean
}

export type Render = (value: unknown, scope: Scope) => unknown

/** A scope that can tell whether what was read from it would be the same if it were read again now. */
export interface LayeredScope extends Scope {
  readonly unchanged: () => boolean
}

const UNREAD = Symbol('only asked whether it is there')

/**
 * Variables by rising precedence: the last layer that has a name wins. A value that holds a template is rendered when it
 * is first read, once per scope.
 */
export function layeredScope(
  layers: readonly Layer[],
  render: Render,
  missing?: (name: string) => unknown,
): LayeredScope {
  const known = new Map<string, unknown>()
  const underway: string[] = []
  // Where each name was found, and what was there: unrendered.
  const reads = new Map<string, readonly [Layer | undefined, unknown]>()
  let steady = true
  const find = (name: string): Layer | undefined =>
    layers.findLast(layer => {
      if (layer.awaited?.(name) === true) lacking({ kind: 'facts', name })
      return Object.hasOwn(layer.vars, name)
    })
  const absent = (name: string): unknown => {
    const value = missing?.(name)
    // It was worked out from other variables, which are read elsewhere.
    if (value !== undefined) steady = false
    return value
  }
  const scope: LayeredScope = {
    has: name => {
      const layer = find(name)
      if (!reads.has(name)) reads.set(name, [layer, UNREAD])
      return layer !== undefined || absent(name) !== undefined
    },
    get: name => {
      if (known.has(name)) return known.get(name)
      const layer = find(name)
      const raw = layer?.vars[name]
      reads.set(name, [layer, raw])
      if (layer === undefined) return absent(name)
      // What other hosts' variables hold is asked of those hosts.
      if (name === 'hostvars') steady = false
      if (layer.data === true) return raw
      if (underway.includes(name))
        throw new Fault(
          'variable-cycle',
          `the variable '${name}' refers to itself: ${[...underway.slice(underway.indexOf(name)), name].join(' -> ')}`,
        )
      underway.push(name)
      try {
        const value = render(raw, scope)
        known.set(name, value)
        return value
      } finally {
        underway.pop()
      }
    },
    names: () => {
      steady = false
      return new Set(layers.flatMap(layer => Object.keys(layer.vars)))
    },
    unchanged: () =>
      steady &&
      answer(() => {
        for (const [name, [layer, raw]] of reads) {
          if (find(name) !== layer) return false
          if (layer !== undefined && raw !== UNREAD && !Object.is(layer.vars[name], raw)) return false
        }
        return true
      }).value === true,
  }
  return scope
}
