import type { Anchor, CharacterTest, Node } from './node.ts'

/** An instruction of the matcher. Numbers are positions in the program, or slots. */
export type Step =
  | { readonly op: 'one'; readonly holds: CharacterTest }
  | { readonly op: 'code'; readonly code: number }
  | {
      readonly op: 'run'
      readonly holds: CharacterTest
      readonly min: number
      readonly max: number
      readonly keep: boolean
    }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'either'; readonly first: number; second: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'at'; readonly where: Anchor }
  | { readonly op: 'again'; readonly group: number; readonly fold: boolean }
  | { readonly op: 'look'; readonly negative: boolean; readonly back: number; after: number }
  | { readonly op: 'atomic'; after: number }
  | { readonly op: 'if'; readonly group: number; no: number }
  | { readonly op: 'begin'; readonly slot: number }
  | {
      readonly op: 'loop'
      readonly slot: number
      readonly min: number
      readonly max: number
      readonly lazy: boolean
      after: number
    }
  | { readonly op: 'enter'; readonly slot: number }
  | { readonly op: 'done' }

export interface Program {
  readonly steps: readonly Step[]
  readonly slots: number
}

/** Compiles a tree into steps. Slots 0 to 2n+1 hold the bounds of the groups; each counted loop has two more. */
export function programOf(tree: Node, groups: number): Program {
  const steps: Step[] = []
  let slots = 2 * (groups + 1)

  const patch = (at: number, key: 'to' | 'second' | 'after' | 'no'): void => {
    ;(steps[at] as unknown as Record<string, number>)[key] = steps.length
  }
  const add = (step: Step): number => steps.push(step) - 1

  const repeat = (node: Extract<Node, { type: 'repeat' }>): void => {
    const { body, min, max, way } = node
    if (body.type === 'one' && way !== 'lazy') {
      add({ op: 'run', holds: body.holds, min, max, keep: way === 'possessive' })
      return
    }
    if (way === 'possessive') {
      emit({ type: 'atomic', body: { ...node, way: 'greedy' } })
      return
    }
    const slot = slots
    slots += 2
    add({ op: 'begin', slot })
    const loop = add({ op: 'loop', slot, min, max, lazy: way === 'lazy', after: 0 })
    add({ op: 'enter', slot })
    emit(body)
    add({ op: 'jump', to: loop })
    patch(loop, 'after')
  }

  const emit = (node: Node): void => {
    switch (node.type) {
      case 'one':
        add(node.code === undefined ? { op: 'one', holds: node.holds } : { op: 'code', code: node.code })
        return
      case 'at':
        add({ op: 'at', where: node.where })
        return
      case 'again':
        add({ op: 'again', group: node.group, fold: node.fold })
        return
      case 'sequence':
        node.parts.forEach(emit)
        return
      case 'choice': {
        const jumps: number[] = []
        node.options.forEach((option, i) => {
          if (i === node.options.length - 1) return emit(option)
          const either = add({ op: 'either', first: steps.length + 1, second: 0 })
          emit(option)
          jumps.push(add({ op: 'jump', to: 0 }))
          patch(either, 'second')
        })
        for (const jump of jumps) patch(jump, 'to')
        return
      }
      case 'group':
        add({ op: 'save', slot: 2 * node.index })
        emit(node.body)
        add({ op: 'save', slot: 2 * node.index + 1 })
        return
      case 'repeat':
        repeat(node)
        return
      case 'look':
      case 'atomic': {
        const at = add(
          node.type === 'atomic'
            ? { op: 'atomic', after: 0 }
            : { op: 'look', negative: node.negative, back: node.back, after: 0 },
        )
        emit(node.body)
        add({ op: 'done' })
        patch(at, 'after')
        return
      }
      case 'if': {
        const at = add({ op: 'if', group: node.group, no: 0 })
        emit(node.yes)
        const jump = add({ op: 'jump', to: 0 })
        patch(at, 'no')
        emit(node.no)
        patch(jump, 'to')
      }
    }
  }

  emit(tree)
  add({ op: 'done' })
  return { steps, slots }
}
