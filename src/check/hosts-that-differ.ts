import type { Host } from '../model/inventory.ts'
import type { Play, RoleCall } from '../model/playbook.ts'
import { roleVars } from '../values/role-vars.ts'

type Vars = Readonly<Record<string, unknown>>

// Settings that each host has for itself are checked on so many of them before the run, and on all others in it.
const MOST = 200

/** Of some hosts, one for each set of variables that the settings of a role are made from. */
export function hostsThatDiffer(
  call: RoleCall,
  among: { readonly play: Play; readonly hosts: readonly Host[]; readonly extraVars: Vars },
): readonly Host[] {
  const { play, hosts, extraVars } = among
  const { inherited, role } = call
  const roles = roleVars(play, role)
  const layers = new Set(hosts.flatMap(host => host.layers ?? [host.vars]))
  const shared: readonly Vars[] = [
    ...[roles.defaults, roles.vars, roles.params, play.vars, inherited.vars, inherited.params, extraVars],
    ...play.vars_files.map(file => file.vars),
  ]
  const names = namesRead(call, [...shared, ...layers])
  const counts = new Map<Vars, number>()
  for (const layer of layers) if (Object.keys(layer).some(name => names.has(name))) counts.set(layer, counts.size)
  const byName = ['inventory_hostname', 'inventory_hostname_short', 'group_names'].some(name => names.has(name))
  const found = new Map<string, Host>()
  for (const host of hosts) {
    const ids = (host.layers ?? [host.vars]).map(layer => counts.get(layer)).filter(id => id !== undefined)
    const key = byName ? host.name : ids.join()
    if (!found.has(key)) found.set(key, host)
    if (found.size >= MOST) break
  }
  return [...found.values()]
}

/** The settings, and whatever their templates and the role's conditions mention, however far away. */
function namesRead({ spec, inherited }: RoleCall, sources: readonly Vars[]): ReadonlySet<string> {
  const names = new Set<string>()
  const mention = (value: unknown): void => {
    if (typeof value === 'string') {
      for (const [word] of value.matchAll(/[A-Za-z_]\w*/g)) names.add(word)
    } else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) mention(inner)
  }
  for (const [name, { aliases }] of Object.entries(spec.options)) for (const one of [name, ...aliases]) names.add(one)
  for (const { expression } of inherited.when) mention(expression)
  const templates = new Map<string, string[]>()
  for (const vars of sources)
    for (const [name, value] of Object.entries(vars)) {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      if (text === undefined || !/\{[{%]/.test(text)) continue
      templates.set(name, [...(templates.get(name) ?? []), text])
    }
  // A set hands out what is added to it while it is walked.
  for (const name of names) for (const text of templates.get(name) ?? []) mention(text)
  return names
}
