import { taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'
import { splitShellWords } from '../../text/split-shell-words.ts'
import { guardParams, guardState, guardsDepend, lookAtGuards, planOpaque } from './opaque.ts'
import { shellSigns } from './shell-signs.ts'

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
