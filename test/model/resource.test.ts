import { describe, expect, it } from 'vitest'
import { ANYTHING, expects, providedBy, type Resource } from '../../src/model/resource.ts'

describe('what is expected from earlier steps of a dry run', () => {
  it.each<
    readonly [string, readonly Resource[], Parameters<typeof expects>[1], string | undefined, string | undefined]
  >([
    ['is certain by its name', [{ kind: 'user', name: 'app' }], 'user', 'app', 'certain'],
    ['is nothing by another name', [{ kind: 'user', name: 'app' }], 'user', 'bob', undefined],
    ['is nothing of another kind', [{ kind: 'user', name: 'app' }], 'group', 'app', undefined],
    ['is possible where any of the kind may come', [{ kind: 'user' }], 'user', 'app', 'possible'],
    ['is possible where any will do', [{ kind: 'path', name: '/a' }], 'path', undefined, 'possible'],
    ['is nothing where nothing is to come', [], 'path', undefined, undefined],
    ['is certain for a folder with something new in it', [{ kind: 'path', name: '/a/b' }], 'path', '/a', 'certain'],
    ['is nothing for a folder with a longer name', [{ kind: 'path', name: '/ab' }], 'path', '/a', undefined],
    ['is nothing below what is to come', [{ kind: 'path', name: '/a' }], 'path', '/a/b', undefined],
    ['is no part of a name but of a path', [{ kind: 'package', name: 'a/b' }], 'package', 'a', undefined],
  ])('%s', (_, expected, kind, name, answer) => {
    expect(expects(expected, kind, name)).toBe(answer)
  })

  it('is anything after a change that does not say what it provides, and nothing after one that provides nothing', () => {
    expect(providedBy({})).toBe(ANYTHING)
    expect(providedBy({ provides: [] })).toEqual([])
    expect(expects(ANYTHING, 'program', 'git')).toBe('possible')
  })
})
