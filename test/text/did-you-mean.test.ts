import { describe, expect, it } from 'vitest'
import { closestName, didYouMean } from '../../src/text/did-you-mean.ts'

const keywords = [
  'name',
  'tags',
  'vars',
  'tasks',
  'roles',
  'when',
  'loop',
  'become',
  'become_user',
  'notify',
  'register',
]

describe('the closest name', () => {
  it.each([
    ['taks', keywords, 'tasks'],
    ['wehn', keywords, 'when'],
    ['tag', keywords, 'tags'],
    ['nmae', keywords, 'name'],
    ['becom_user', keywords, 'become_user'],
    ['Notify', keywords, 'notify'],
    ['ensure-dri', ['ensure-dir', 'symlink'], 'ensure-dir'],
    ['template_file', ['template-file', 'copy-file'], 'template-file'],
    ['ngnix', ['nginx'], 'nginx'],
    ['regsiter', keywords, 'register'],
    ['nofilter', ['lower', 'upper', 'filesizeformat'], undefined],
    ['notest', ['none', 'odd'], undefined],
    ['x', keywords, undefined],
    ['', keywords, undefined],
    ['abc', [], undefined],
  ])('%s', (word, names, meant) => {
    expect(closestName(word, names)).toBe(meant)
  })

  it('didYouMean gives the end of a sentence', () => {
    expect(didYouMean('wehn', keywords)).toBe(", did you mean 'when'?")
    expect(didYouMean('zzz', keywords)).toBe('')
  })
})
