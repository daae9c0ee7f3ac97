// Situations that Ansible's users know, run by real ansible-core and here: the order of tasks, what became of each, values.
import { beforeAll, describe, expect, it } from 'vitest'
import { flow } from './situations/flow.ts'
import { here, thereAll } from './situations/play-both.ts'
import { results } from './situations/results.ts'
import { roles } from './situations/roles.ts'
import type { Story } from './situations/situation.ts'

const situations = [...results, ...roles, ...flow]
const there = new Map<string, Story>()

beforeAll(async () => {
  const stories = await thereAll(situations)
  situations.forEach(({ title }, i) => there.set(title, stories[i] as Story))
}, 300_000)

describe('a run gives the same result as Ansible', () => {
  it.each(situations.filter(one => one.kept === undefined))('$title', async situation => {
    expect(await here(situation)).toEqual(there.get(situation.title))
  })
})

describe('a run differs from Ansible for a stated reason', () => {
  it.each(situations.flatMap(one => (one.kept === undefined ? [] : [{ ...one, kept: one.kept }])))(
    '$title: $kept.because',
    async situation => {
      const told = await here(situation)
      expect(told).toEqual(situation.kept.here)
      expect(told).not.toEqual(there.get(situation.title))
    },
  )
})
