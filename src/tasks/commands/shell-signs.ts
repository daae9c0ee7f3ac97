import type { ParamsMistake } from '../../model/task-type.ts'

/** `command` has no shell: a pipe in it would be an argument, which nobody means who did not quote it. */
export function shellSigns(command: string): readonly ParamsMistake[] {
  const bare = command.replace(/\{\{.*?\}\}|\{%.*?%\}|'[^']*'|"(?:\\.|[^"])*"/gs, 'x')
  const sign = bare.split(/\s+/).find(word => /^(\||\|\||&&|&|>|>>|<|2>|2>&1|[12]?>\/dev\/null)$/.test(word))
  if (sign === undefined) return []
  const message = `command has no shell: '${sign}' would be an argument of ${bare.trim().split(/\s+/)[0]}`
  const hint = `${sign === '|' ? 'a pipe' : `'${sign}'`} needs shell:; as an argument it is put in quotes`
  return [{ message, hint }]
}
