import { Fault } from '../model/fault.ts'
import type { Scope } from '../template/template.ts'
import { lacking } from './need.ts'

/** Variables of one source. `data` came from a host or a result: it is never rendered, whatever it looks like. */
export interface Layer {
  readonly vars: Readonly<Record<string, unknown>>
  readonly data?: boolean
  /** Names that it will have once the host's facts are gathered: asking for one needs them. */
  readonly awaited?: (name: string) => boolean
}

export type Render = (value: unknown, scope: Scope) => unknown

/**
 * Variables by rising precedence: the last layer that has a name wins. A value that holds a template is rendered when it
 * is first read, once per scope.
 */
export function layeredScope(layers: readonly Layer[], render: Render, missing?: (name: string) => unknown): Scope {
  const known = new Map<string, unknown>()
  const underway: string[] = []
  const find = (name: string): Layer | undefined =>
    layers.findLast(layer => {
      if (layer.awaited?.(name) === true) lacking({ kind: 'facts', name })
      return Object.hasOwn(layer.vars, name)
    })
  const scope: Scope = {
    has: name => find(name) !== undefined || missing?.(name) !== undefined,
    get: name => {
      if (known.has(name)) return known.get(name)
      const layer = find(name)
      if (layer === undefined) return missing?.(name)
      const raw = layer.vars[name]
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
    names: () => new Set(layers.flatMap(layer => Object.keys(layer.vars))),
  }
  return scope
}
