import { describe, expect, it } from 'vitest'
import { wrongValues } from '../../../src/load/schema/option-value.ts'
import type { Json } from '../../../src/model/json.ts'
import type { RoleOption } from '../../../src/model/role-spec.ts'
import { loaded } from '../loaded.ts'

const withSpec = (spec: string, call = 'r') => ({
  'p.yml': `- hosts: all\n  roles: [${call}]\n`,
  'roles/r/tasks/main.yml': '- debug: { msg: hi }\n',
  'roles/r/meta/argument_specs.yml': spec,
})
const option = (text: string) => `argument_specs:\n  main:\n    options:\n      x: ${text}\n`

describe('invalid argument specs of a role are errors', () => {
  it.each([
    [
      'an unknown key of an option',
      option('{ typ: str }'),
      "4:12 'main.options.x' of the role's argument specs has no 'typ', did you mean 'type'?",
    ],
    [
      'an unknown type',
      option('{ type: string }'),
      "4:18 'main.options.x.type' of the role's argument specs cannot be the text 'string'",
    ],
    [
      'an unknown key of an entry point',
      'argument_specs:\n  main:\n    option: {}\n',
      "3:5 'main' of the role's argument specs has no 'option', did you mean 'options'?",
    ],
    [
      'an unknown key of the file',
      'argument_spec: {}\n',
      "1:1 the role's argument specs has no 'argument_spec', did you mean 'argument_specs'?",
    ],
    [
      'elements of what is no list',
      option('{ type: str, elements: str }'),
      "4:33 'elements' of the option 'x' has no effect: its type is str",
    ],
    [
      'options of what holds none',
      option('{ options: { y: {} } }'),
      "4:21 'options' of the option 'x' has no effect: its type is str",
    ],
    [
      'a default that does not fit',
      option('{ type: int, default: many }'),
      "4:32 the default of 'x' takes a whole number, this is the text 'many'",
    ],
    [
      'a default of what is required',
      option('{ required: true, default: a }'),
      "4:37 the option 'x' has a default, so it cannot be required",
    ],
    [
      'a rule about an option that is not there',
      'argument_specs:\n  main:\n    options: { port: {} }\n    required_one_of: [[port, prot]]\n',
      "4:30 there is no option 'prot', did you mean 'port'?",
    ],
    [
      'a key inside of nested options',
      option('{ type: dict, options: { y: { requierd: true } } }'),
      "4:40 'main.options.x.options.y' of the role's argument specs has no 'requierd', did you mean 'required'?",
    ],
  ])('%s', async (_, spec, message) => {
    const { faults } = await loaded(withSpec(spec))
    expect(faults.map(fault => fault.replace('roles/r/meta/argument_specs.yml:', ''))).toContain(message)
  })

  it('a spec with every feature of Ansible is accepted', async () => {
    const spec = `argument_specs:
  main:
    short_description: a
    description: [a, b]
    author: me
    version_added: 1.0.0
    options:
      x: { type: dict, description: a, required: true, version_added: "2", options: { y: { type: str, aliases: [z] }, w: {} }, required_together: [[y, w]] }
      c: { type: str, choices: { a: first, b: second }, default: a }
    required_by: { x: c }
`
    expect((await loaded(withSpec(spec))).faults).toEqual([])
  })

  it('a spec in meta/main.yml is checked as well', async () => {
    const { faults } = await loaded({
      'p.yml': '- hosts: all\n  roles: [r]\n',
      'roles/r/tasks/main.yml': '[]',
      'roles/r/meta/main.yml': 'argument_specs:\n  main:\n    options: { x: { typ: int } }\n',
    })
    expect(faults).toEqual([
      "roles/r/meta/main.yml:3:21 'main.options.x' of the role's argument specs has no 'typ', did you mean 'type'?",
    ])
  })
})

const of = (more: Partial<RoleOption>): RoleOption => ({
  type: 'str',
  required: false,
  noLog: false,
  aliases: [],
  ...more,
})
const norules = { mutually_exclusive: [], required_together: [], required_one_of: [], required_if: [], required_by: {} }
const users = of({
  type: 'list',
  elements: 'dict',
  inside: {
    options: {
      name: of({ required: true }),
      state: of({ choices: ['present', 'absent'] }),
      key: of({ noLog: true, type: 'int' }),
    },
    rules: { ...norules, required_if: [{ option: 'state', value: 'absent', needs: ['key'], any: false }] },
  },
})

describe('an invalid value is an error that names the expected type', () => {
  it.each<[string, Json, RoleOption, string, string?]>([
    [
      'a text for a list',
      'boto3',
      of({ type: 'list' }),
      "'v' takes a list, this is the text 'boto3'",
      'write a list: [boto3]',
    ],
    [
      'a text with commas for a list',
      'a, b c',
      of({ type: 'list' }),
      "'v' takes a list, this is the text 'a, b c'",
      'write a list: [a, "b c"]',
    ],
    ['a number for a list', 5, of({ type: 'list' }), "'v' takes a list, this is 5", 'write a list: [5]'],
    ['a map for a list', { a: 1 }, of({ type: 'list' }), "'v' takes a list, this is a map"],
    ['a list for a map', [1], of({ type: 'dict' }), "'v' takes a map, this is a list"],
    ['a word for a boolean', 'nein', of({ type: 'bool' }), "'v' takes true or false, this is the text 'nein'"],
    [
      'a choice that is misspelt',
      'file',
      of({ choices: ['off', 'files'] }),
      "'v' cannot be the text 'file', did you mean 'files'?",
      'it is one of off, files',
    ],
    [
      'an item of a list',
      ['1', 'b'],
      of({ type: 'list', elements: 'int' }),
      "'v.1' takes a whole number, this is the text 'b'",
    ],
    [
      'a choice in a list',
      ['a', 'c'],
      of({ type: 'list', choices: ['a', 'b'] }),
      "'v.1' cannot be the text 'c'",
      'it is one of a, b',
    ],
    ['a misspelt key', [{ name: 'a', stat: 'absent' }], users, "'v.0' has no 'stat', did you mean 'state'?"],
    ['a key that is missing', [{ state: 'present' }], users, "'v.0' needs 'name'"],
    [
      'a nested choice',
      [{ name: 'a', state: 'abscent' }],
      users,
      "'v.0.state' cannot be the text 'abscent', did you mean 'absent'?",
      'it is one of present, absent',
    ],
    ['a nested rule', [{ name: 'a', state: 'absent' }], users, "'v.0' needs 'key', as 'state' is the text 'absent'"],
    ['a secret', [{ name: 'a', key: 'hunter2' }], users, "'v.0.key' takes a whole number"],
  ])('%s', (_, value, wanted, message, hint) => {
    const wrong = wrongValues(value, wanted, ['v'])
    expect(wrong.map(one => one.message)).toEqual([message])
    expect(wrong[0]?.hint).toBe(hint)
  })

  it.each<[string, Json, RoleOption]>([
    ['false stands for the only choice that means it', false, of({ choices: ['off', 'files'] })],
    ['a number in a text for a choice that is a number', '2', of({ type: 'int', choices: [1, 2] })],
    [
      'an alias inside of a map',
      { b: 1 },
      of({ type: 'dict', inside: { options: { a: of({ aliases: ['b'] }) }, rules: norules } }),
    ],
    ['nothing where nothing is needed', null, of({ type: 'int' })],
  ])('%s is accepted', (_, value, wanted) => {
    expect(wrongValues(value, wanted, ['v'])).toEqual([])
  })
})

it('collections in the meta of a role are an error, as nothing reads them', async () => {
  const { faults } = await loaded({
    'p.yml': '- hosts: all\n  roles: [r]\n',
    'roles/r/tasks/main.yml': '[]',
    'roles/r/meta/main.yml': 'collections: [community.general]\n',
  })
  expect(faults).toEqual([
    "roles/r/meta/main.yml:1:1 'collections' of a role's meta has no effect: there are no collections",
  ])
})
