import { describe, expect, it } from 'vitest'
import { selected } from '../../src/schedule/tags.ts'

describe('selected', () => {
  it.each<[readonly string[], readonly string[], readonly string[], boolean]>([
    // tags of the task, --tags, --skip-tags
    [[], [], [], true],
    [['a'], [], [], true],
    [['a'], ['a'], [], true],
    [['a'], ['b'], [], false],
    [[], ['b'], [], false],
    [['a', 'b'], ['b', 'c'], [], true],
    [['always'], ['b'], [], true],
    [['always'], ['b'], ['always'], false],
    [['always', 'a'], [], ['a'], false],
    [['never'], [], [], false],
    [['never'], ['all'], [], false],
    [['never'], ['never'], [], true],
    [['never', 'debug'], ['debug'], [], true],
    [['never', 'debug'], ['tagged'], [], false],
    [['never', 'debug'], ['other'], [], false],
    [['never', 'debug'], ['debug'], ['never'], false],
    [['never', 'always'], [], [], true],
    [['a'], ['tagged'], [], true],
    [[], ['tagged'], [], false],
    [[], ['untagged'], [], true],
    [['a'], ['untagged'], [], false],
    [['always'], ['untagged'], [], true],
    [['a'], ['all'], [], true],
    [['a'], [], ['a'], false],
    [['a'], ['a'], ['a'], false],
    [['a'], [], ['b'], true],
    [['a'], [], ['tagged'], false],
    [[], [], ['tagged'], true],
    [[], [], ['untagged'], false],
    [['a'], [], ['all'], false],
    [[], [], ['all'], false],
    [['always'], [], ['all'], true],
    [['always'], [], ['all', 'always'], false],
  ])('tags %j, --tags %j, --skip-tags %j: %j', (tags, want, skip, runs) => {
    expect(selected(tags, want, skip)).toBe(runs)
  })
})
