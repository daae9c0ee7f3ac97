import { Fault } from '../../model/fault.ts'
import type { Task } from '../../model/playbook.ts'
import type { Scope, TemplateOptions } from '../../template/template.ts'
import { show } from '../../template/values.ts'
import { lines, type Script, sh } from '../../text/sh.ts'
import { renderDeep } from '../../values/render.ts'

/** `environment:` as exports in front of a script; values travel inside the script, never in an argv. */
export function environmentOf(
  { inherited, at }: Pick<Task, 'inherited' | 'at'>,
  scope: Scope,
  template: TemplateOptions,
): Script | undefined {
  const merged: Record<string, string> = {}
  for (const map of inherited.environment) {
    const rendered = renderDeep(map, scope, template)
    if (rendered === null || typeof rendered !== 'object')
      throw new Fault('environment', 'environment takes a map of names and values', { at })
    for (const [name, value] of Object.entries(rendered)) merged[name] = show(value)
  }
  const exports = Object.entries(merged).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new Fault('environment', `'${name}' cannot be the name of an environment variable`, { at })
    // What leaves the C locale of looks for the host's own (a command, `unless`) takes this one instead.
    return name === 'LC_ALL' ? sh`export LC_ALL=${value}; mlplay_locale=$LC_ALL` : sh`export ${name}=${value}`
  })
  return exports.length === 0 ? undefined : lines(...exports)
}
