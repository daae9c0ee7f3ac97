// A manager of packages in a few lines of sh: what a new one, such as apk or dnf, has to say about itself.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { packageState, packageType } from '../../../src/tasks/kit/package-type.ts'
import { sh } from '../../../src/text/sh.ts'
import { SHELLS, shellIn } from '../doing.ts'
import { decided, look } from '../stages.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-packages-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const shelf = packageType({
  name: 'shelf-install',
  summary: 'packages that are files in the folder `shelf`',
  example: { name: 'a package', params: { name: 'a' } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: { name: { type: 'array', items: { type: 'string' } }, state: packageState },
  },
  state: { type: 'object', properties: { installed: { type: 'array', items: { type: 'string' } } } },
  probe: ({ name }) => sh`for n in ${name}; do [ ! -e "shelf/$n" ] || fact installed "$n $(cat "shelf/$n")"; done`,
  judge: ({ name }, { installed }) => {
    const versions = new Map(installed.map(line => line.split(' ', 2) as [string, string]))
    if (name.includes('cursed')) return { problem: 'this one is cursed' }
    return {
      packages: name.map(one => {
        const is = versions.get(one) ?? null
        return { name: one, asked: one, is, becomes: '1', lacking: is === null, removable: is !== null }
      }),
    }
  },
  install: (_, packages) => sh`for n in ${packages.map(({ name }) => name)}; do echo 1 > "shelf/$n"; done`,
  remove: (_, packages) => ({ sh: sh`for n in ${packages.map(({ name }) => name)}; do rm "shelf/$n"; done` }),
})

describe.each(SHELLS)('a type made of a manager of packages, by %s', (name, argv) => {
  it('installs what is missing, removes what is there, and converges', async () => {
    const folder = join(root, name)
    mkdirSync(join(folder, 'shelf'), { recursive: true })
    const shell = shellIn(folder, argv)
    const turn = async (params: { readonly name: readonly string[]; readonly state?: string }) => {
      const { changes, problem } = decided(shelf, params, { state: await look(shell, shelf, params) })
      for (const change of changes) expect((await shell.run(change.sh)).code).toBe(0)
      return problem ?? changes.map(({ what, before, after }) => ({ what, before, after }))
    }
    try {
      expect(await turn({ name: ['a'] })).toEqual([{ what: 'install a', before: { a: null }, after: { a: '1' } }])
      expect(await turn({ name: ['a', 'b'] })).toEqual([{ what: 'install b', before: { b: null }, after: { b: '1' } }])
      expect(await turn({ name: ['a', 'b'] })).toEqual([])
      expect(await turn({ name: ['a', 'c'], state: 'absent' })).toEqual([
        { what: 'remove a', before: { a: '1' }, after: { a: null } },
      ])
      expect(await turn({ name: ['a', 'c'], state: 'absent' })).toEqual([])
      expect(await turn({ name: ['cursed'] })).toBe('this one is cursed')
    } finally {
      await shell.close()
    }
  })
})

it('what it installs is expected by later tasks, with whatever may come with it', () => {
  const [change] = decided(shelf, { name: ['a'] }, { state: { installed: [] } }).changes
  expect(change?.provides).toEqual(
    expect.arrayContaining([{ kind: 'package', name: 'a' }, { kind: 'path' }, { kind: 'program' }]),
  )
})

it('it needs root to change something', () => {
  const state = { installed: [], mlplay_lacks: ['root'] }
  expect(decided(shelf, { name: ['a'] }, { state }).problem).toBe('shelf-install needs root: add become: true')
})
