import type { Json } from '../../model/json.ts'
import type { Plan } from '../../model/task-type.ts'
import { lines, nothing, type Script, sh, userScript } from '../../text/sh.ts'

/** What decides whether a command is to run at all. */
export const guardParams = {
  chdir: { type: 'string', description: 'the folder it runs in' },
  creates: { type: 'string', description: 'it does not run when this path exists' },
  removes: { type: 'string', description: 'it does not run when this path does not exist' },
  unless: { type: 'string', description: 'it does not run when this script exits 0; it must only look' },
} as const

export const guardState = {
  creates: { type: 'boolean' },
  removes: { type: 'boolean' },
  unless: { type: 'boolean' },
  folder: { type: 'boolean' },
} as const

export interface Guards {
  readonly chdir?: string
  readonly creates?: string
  readonly removes?: string
  readonly unless?: string
}

// Globs are meant as globs, as in Ansible: `creates: /opt/x/*.done`.
const exists = (path: string): Script =>
  sh`(set -- ${userScript(path.replace(/[^A-Za-z0-9_/.*?@%+=:,-]/g, '\\$&'))}; [ -e "$1" ] || [ -L "$1" ])`

export const lookAtGuards = ({ chdir, creates, removes, unless }: Guards): Script =>
  lines(
    chdir === undefined ? nothing : sh`[ -d ${chdir} ] && fact folder 1 && cd ${chdir} 2>/dev/null`,
    creates === undefined ? nothing : sh`${exists(creates)} && fact creates 1`,
    removes === undefined ? nothing : sh`${exists(removes)} && fact removes 1`,
    unless === undefined
      ? nothing
      : sh`( ${userScript(unless)}
) >/dev/null 2>&1 && fact unless 1`,
  )

export const runsBecauseOf = (
  guards: Guards,
  found: { readonly [key in keyof typeof guardState]?: boolean },
): string | undefined => {
  if (guards.creates !== undefined && found.creates === true) return `${guards.creates} exists`
  if (guards.removes !== undefined && found.removes !== true) return `${guards.removes} does not exist`
  if (guards.unless !== undefined && found.unless === true) return 'unless holds'
  return undefined
}

/** One change of which nothing is known but the command. */
export function planOpaque(
  { what, script, cmd }: { readonly what: string; readonly script: Script; readonly cmd: Json },
  guards: Guards,
  found: { readonly [key in keyof typeof guardState]?: boolean },
): Plan {
  const idle = runsBecauseOf(guards, found)
  if (idle !== undefined)
    return {
      changes: [],
      message: `not run: ${idle}`,
      result: { cmd, rc: 0, stdout: '', stderr: '', stdout_lines: [], stderr_lines: [] },
    }
  const inside = guards.chdir === undefined ? script : lines(sh`cd ${guards.chdir} || exit 1`, script)
  return { changes: [{ what, before: null, after: null, sh: inside }], result: { cmd } }
}
