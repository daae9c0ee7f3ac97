import { type ParamsMistake, taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'
import { splitShellWords } from '../../text/split-shell-words.ts'
import { guardParams, guardState, guardsDepend, lookAtGuards, planOpaque } from './opaque.ts'

export default taskType({
  name: 'command',
  summary: 'a program with arguments, without a shell in between',
  example: {
    name: 'unpack once',
    params: { argv: ['tar', '-xzf', '/tmp/app.tgz', '-C', '/opt'], creates: '/opt/app' },
  },
  instead: { executable: 'a command runs without a shell: write shell:', warn: 'leave it out' },
  params: {
    type: 'object',
    additionalProperties: false,
    dependentRequired: guardsDepend,
    oneOf: [{ required: ['cmd'] }, { required: ['argv'] }],
    properties: {
      cmd: {
        type: 'string',
        minLength: 1,
        description: 'the program and its arguments, quoted as in a shell; nothing is expanded',
      },
      argv: {
        type: 'array',
        minItems: 1,
        items: { type: ['string', 'number'] },
        description: 'the program and its arguments, one by one',
      },
      ...guardParams,
    },
  },
  shorthand: 'cmd',
  check: ({ cmd }) => (typeof cmd === 'string' ? shellSigns(cmd) : []),
  nature: 'opaque',
  state: { type: 'object', properties: guardState },
  probe: lookAtGuards,
  plan: ({ cmd, argv, ...guards }, found, { expected }) => {
    const command = argv === undefined ? splitShellWords(cmd ?? '') : argv.map(String)
    if (command === undefined) return { changes: [], problem: `a quote is left open in: ${cmd ?? ''}` }
    return planOpaque({ what: `run ${command.join(' ')}`, script: sh`${command}`, cmd: command }, guards, {
      found,
      expected,
    })
  },
})

/** `command` has no shell: a pipe in it would be an argument, which nobody means who did not quote it. */
function shellSigns(command: string): readonly ParamsMistake[] {
  const bare = command.replace(/\{\{.*?\}\}|\{%.*?%\}|'[^']*'|"(?:\\.|[^"])*"/gs, 'x')
  const sign = bare.split(/\s+/).find(word => /^(\||\|\||&&|&|>|>>|<|2>|2>&1|[12]?>\/dev\/null)$/.test(word))
  if (sign === undefined) return []
  const message = `command has no shell: '${sign}' would be an argument of ${bare.trim().split(/\s+/)[0]}`
  const hint = `${sign === '|' ? 'a pipe' : `'${sign}'`} needs shell:; as an argument it is put in quotes`
  return [{ message, hint }]
}
