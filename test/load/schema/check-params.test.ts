import { describe, expect, it } from 'vitest'
import { checkParams } from '../../../src/load/schema/check-params.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { taskTypes } from '../../../src/tasks/registry.ts'

const checked = (type: string, params: JsonObject) => {
  const found = taskTypes.get(type)
  if (found === undefined) throw new Error(`no type ${type}`)
  const { params: fitted, faults } = checkParams(found, params, () => ({ file: 'f', line: 1, column: 1 }))
  return faults.length > 0 ? faults.map(fault => fault.message) : fitted
}

describe('rendered params are converted to the types of the schema', () => {
  it.each([
    ['a text becomes the number that is asked for', 'wait-for', { port: '8080' }, { port: 8080 }],
    ['and the boolean', 'copy-file', { dest: '/x', content: '', backup: 'True' }, { backup: true }],
    ['a number becomes the text', 'copy-file', { dest: '/x', content: 5 }, { content: '5' }],
    ['yes is a boolean, as in Ansible', 'copy-file', { dest: '/x', content: '', backup: 'yes' }, { backup: true }],
    ['so is 0', 'service', { name: 'x', enabled: 0 }, { enabled: false }],
    ['texts in a list of numbers', 'http-check', { url: 'http://h/', status: ['200', 301] }, { status: [200, 301] }],
    ['a text for a list of numbers', 'http-check', { url: 'http://h/', status: '200, 301' }, { status: [200, 301] }],
    ['1.0 for a whole number', 'wait-for', { port: 80, timeout: '5.0' }, { timeout: 5 }],
    ['a number among the names', 'apt-install', { name: ['a', 7] }, { name: ['a', '7'] }],
    ['an owner by number', 'ensure-dir', { path: '/x', owner: 1000 }, { owner: '1000' }],
    ['a mode in letters', 'ensure-dir', { path: '/x', mode: 'u=rwX,go=' }, { mode: 'u=rwX,go=' }],
  ])('%s', (_, type, given, expected) => {
    expect(checked(type, given)).toMatchObject(expected)
  })

  it.each([
    ['a text that is no number', 'wait-for', { port: '80a' }, "'port' of wait-for takes a whole number"],
    [
      'maybe is no boolean',
      'copy-file',
      { dest: '/x', content: '', backup: 'maybe' },
      "'backup' of copy-file takes true",
    ],
    ['a path that only looks like a template', 'ensure-dir', { path: 'rel{{x' }, "'path' of ensure-dir cannot be"],
    [
      'null where something is needed',
      'ensure-dir',
      { path: null },
      "'path' of ensure-dir takes a text, this is nothing",
    ],
    ['a number without end', 'wait-for', { port: '1e400' }, "'port' of wait-for takes a whole number"],
    ['a fraction for a port', 'wait-for', { port: '80.5' }, "'port' of wait-for takes a whole number"],
    ['a number is no mode', 'ensure-dir', { path: '/x', mode: 420 }, "'mode' of ensure-dir takes a text, this is 420"],
    ['nor when it looks like one', 'ensure-dir', { path: '/x', mode: 644 }, "'mode' of ensure-dir takes a text"],
    ['a relative path', 'ensure-dir', { path: 'x' }, "'path' of ensure-dir cannot be the text 'x'"],
    ['a list is no text', 'ensure-dir', { path: ['/x'] }, "'path' of ensure-dir takes a text, this is a list"],
  ])('%s', (_, type, given, message) => {
    expect(checked(type, given)).toEqual([expect.stringContaining(message)])
  })
})

describe('null params', () => {
  it('a null param counts as not given', () => {
    expect(checked('command', { cmd: 'true', chdir: null })).toEqual({ cmd: 'true' })
  })

  it('null stays a value where the schema accepts anything', () => {
    expect(checked('debug', { msg: null })).toEqual({ msg: null })
  })
})
