import type { Loop } from '../model/playbook.ts'

/** The variables of one turn of a loop: what its item is called, its number, and `ansible_loop` where it was asked for. */
export function turnOf(loop: Loop, list: readonly unknown[], index: number): Readonly<Record<string, unknown>> {
  return {
    [loop.variable]: list[index],
    ansible_loop_var: loop.variable,
    ...(loop.index === undefined ? {} : { [loop.index]: index, ansible_index_var: loop.index }),
    ...(loop.extended === undefined ? {} : { ansible_loop: extended(loop, list, index) }),
  }
}

const extended = ({ extended }: Loop, list: readonly unknown[], index: number) => ({
  index: index + 1,
  index0: index,
  first: index === 0,
  last: index === list.length - 1,
  length: list.length,
  revindex: list.length - index,
  revindex0: list.length - index - 1,
  ...(extended === 'all' ? { allitems: list } : {}),
  ...(index > 0 ? { previtem: list[index - 1] } : {}),
  ...(index < list.length - 1 ? { nextitem: list[index + 1] } : {}),
})
