import type { Json } from '../../model/json.ts'
import { expects, type Resource } from '../../model/resource.ts'
import type { Plan } from '../../model/task-type.ts'
import { inOwnShell, lines, nothing, type Script, sh, userScript } from '../../text/sh.ts'
import { onHost } from '../kit/host-path.ts'

/** What decides whether a command is to run at all, and where. */
export const guardParams = {
  stdin: { type: 'string', description: 'what it reads from its standard input; nothing unless said' },
  stdin_add_newline: { type: 'boolean', description: 'stdin ends with a line break; true unless said' },
  chdir: { type: 'string', description: 'the folder it runs in' },
  creates: { type: 'string', description: 'it does not run when this path exists' },
  removes: { type: 'string', description: 'it does not run when this path does not exist' },
  unless: { type: 'string', description: 'it does not run when this script exits 0; it must only look' },
} as const

export const guardState = {
  /** All of this was looked at, to the end. */
  looked: { type: 'boolean' },
  folder: { type: 'boolean' },
  creates: { type: 'boolean' },
  removes: { type: 'boolean' },
  /** The exit code of `unless`. */
  unless: { type: 'integer' },
} as const

interface FoundGuards {
  readonly looked?: boolean
  readonly folder?: boolean
  readonly creates?: boolean
  readonly removes?: boolean
  readonly unless?: number
}

export interface Guards {
  readonly chdir?: string
  readonly creates?: string
  readonly removes?: string
  readonly unless?: string
  readonly stdin?: string
  readonly stdin_add_newline?: boolean
}

/** Params that have no effect without another. */
export const guardsDepend = { stdin_add_newline: ['stdin'] } as const

// A path may hold any byte, and globs are meant as globs, as in Ansible: `creates: /opt/x/*.done`.
const exists = (path: string): Script => {
  const [glob, ...rest] = path.split(/(\[!?|[*?\]])/)
  const pattern = rest.reduce(
    (all, part, i) => (part === '' ? all : sh`${all}${i % 2 === 0 ? userScript(part) : sh`${part}`}`),
    glob === '' || glob === undefined ? userScript('') : onHost(glob),
  )
  const itself = sh`{ [ -e ${onHost(path)} ] || [ -L ${onHost(path)} ]; }`
  return rest.length === 0 ? itself : sh`{ ${itself} || (set -- ${pattern}; [ -e "$1" ] || [ -L "$1" ]); }`
}

export const lookAtGuards = ({ chdir, creates, removes, unless }: Guards): Script => {
  if (chdir === undefined && creates === undefined && removes === undefined && unless === undefined) return nothing
  const looks = lines(
    creates === undefined ? nothing : sh`${exists(creates)} && fact creates 1`,
    removes === undefined ? nothing : sh`${exists(removes)} && fact removes 1`,
    unless === undefined
      ? nothing
      : // The branch that is never taken makes a script that cannot be read break off the look.
        sh`: || ( ${userScript(unless)}
)
{ ${userScript(inOwnShell(unless))}; } >/dev/null 2>&1; fact unless "$?"`,
    sh`fact looked 1`,
  )
  return chdir === undefined
    ? looks
    : sh`if cd ${onHost(chdir)} 2>/dev/null; then fact folder 1
${looks}
else fact looked 1; fi`
}

/** Why the command is not to run, that it is, or why that cannot be told. A guard that was not looked at lets nothing through. */
const verdictOf = (guards: Guards, found: FoundGuards): { readonly idle?: string; readonly problem?: string } => {
  const { chdir, creates, removes, unless } = guards
  if (lookAtGuards(guards) === nothing) return {}
  if (found.looked !== true)
    return {
      problem: `${unless === undefined ? 'what decides whether it runs' : 'unless'} could not be looked at: it did not come to its end in time, or the shell cannot read it`,
    }
  if (chdir !== undefined && found.folder !== true)
    return { problem: `the folder ${chdir} does not exist, or this account may not enter it` }
  if (creates !== undefined && found.creates === true) return { idle: `${creates} exists` }
  if (removes !== undefined && found.removes !== true) return { idle: `${removes} does not exist` }
  if (found.unless === 0) return { idle: 'unless holds' }
  // 127 is the answer that people count on: `unless: node --version` where there is no node.
  if (found.unless === 126 || (found.unless ?? 0) > 127)
    return {
      problem: `unless could not be looked at: ${found.unless === 126 ? 'its program cannot be run (exit code 126)' : `it was ended by signal ${(found.unless ?? 0) - 128}`}`,
    }
  return {}
}

/** One change of which nothing is known but the command. */
export function planOpaque(
  { what, script, cmd }: { readonly what: string; readonly script: Script; readonly cmd: Json },
  guards: Guards,
  { found, expected }: { readonly found: FoundGuards; readonly expected: readonly Resource[] },
): Plan {
  const { idle, problem } = verdictOf(guards, found)
  // In a dry run, an earlier step may make the folder, or bring the program of `unless` or what that reads.
  const mayCome = expects(expected, 'path') ?? expects(expected, 'program')
  if (problem !== undefined && mayCome === undefined) return { changes: [], problem }
  if (idle !== undefined)
    return {
      changes: [],
      message: `not run: ${idle}`,
      result: { cmd, rc: 0, stdout: '', stderr: '', stdout_lines: [], stderr_lines: [] },
    }
  const fed =
    guards.stdin === undefined
      ? script
      : sh`printf %s ${guards.stdin_add_newline === false ? guards.stdin : `${guards.stdin}\n`} | {
${script}
}`
  const inside = guards.chdir === undefined ? fed : lines(sh`cd ${onHost(guards.chdir)} || exit 1`, fed)
  return { changes: [{ what, before: null, after: null, sh: inside }], result: { cmd } }
}
