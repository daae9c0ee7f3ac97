import { expect, it } from 'vitest'
import { wrongValues } from '../../src/load/schema/option-value.ts'
import type { Json } from '../../src/model/json.ts'
import type { OptionType } from '../../src/model/role-spec.ts'
import { oracle } from './oracle.ts'

const scalars: readonly Json[] = [
  ...[80, '80', ' 80 ', '80.0', 80.5, '80.5', '1e3', '1_0', 'abc', '', true, false, 0, 2, '0x10', '-5', '.5', '5.'],
  ...['yes', 'NO', 'on', 'off', 'y', 't', 'nein', ' yes ', '1.0', null],
]
const others: readonly Json[] = [[1], [], { a: 1 }, {}, '{"a": 1}', "{'a': 1}", 'a=1 b=2', 'a=1,b']
const sizes: readonly Json[] = ['10M', '10MB', '10Mb', '1 KB', '1kilobyte', '1kilobit', 'b', '1B', '1b', '1.5G', '10Q']
const types: readonly OptionType[] = [
  ...(['str', 'int', 'float', 'bool', 'dict', 'path', 'raw', 'json', 'jsonarg', 'bytes', 'bits'] as const),
]

const rows = types.flatMap(type => [...scalars, ...others, ...sizes].map(value => ({ type, value })))

/** Ansible's own check of a role's arguments, as a task for each row: all are asked for in one run. */
const site = `- hosts: all
  gather_facts: false
  ignore_errors: true
  tasks:
${rows
  .map(
    ({ type, value }) =>
      `    - validate_argument_spec: ${JSON.stringify({ argument_spec: { v: { type } }, provided_arguments: { v: value } })}\n`,
  )
  .join('')}`

it('a role option of any type accepts the same values as in Ansible', async () => {
  const [played] = await oracle.plays([{ files: { 'site.yml': site }, inventory: 'localhost,' }])
  const answers = played?.tasks ?? []
  expect(answers).toHaveLength(rows.length)
  const told = rows.map(({ type, value }, i) => ({
    type,
    value,
    ansible: answers[i]?.status === 'ok',
    here: wrongValues(value, { type, required: false, noLog: false, aliases: [] }, ['v']).length === 0,
  }))
  expect(told.filter(({ ansible, here }) => ansible !== here)).toEqual([])
}, 300_000)
