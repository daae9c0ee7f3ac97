import type { Play, RoleUse, Vars } from '../model/playbook.ts'

/** What the roles of a play give a task, by where it stands among the other variables. */
export interface RoleVars {
  readonly defaults: Vars
  readonly vars: Vars
  readonly params: Vars
}

const known = new WeakMap<Play, Map<RoleUse | undefined, RoleVars>>()

/** Merged once for all tasks of a call: the play's public roles, then what the role depends on, who called it, itself. */
export function roleVars(play: Play, role: RoleUse | undefined): RoleVars {
  const ofPlay = known.get(play) ?? new Map<RoleUse | undefined, RoleVars>()
  known.set(play, ofPlay)
  const before = ofPlay.get(role)
  if (before !== undefined) return before
  const others = play.roles.filter(other => other.public && other !== role)
  const made = merged(others, role)
  ofPlay.set(role, made)
  return made
}

const merged = (others: readonly RoleUse[], role: RoleUse | undefined): RoleVars => {
  const all = (uses: readonly RoleUse[], of: (use: RoleUse) => Vars): Vars => Object.assign({}, ...uses.map(of))
  const [defaults, vars] = [all(others, use => use.defaults), all(others, use => use.vars)]
  if (role === undefined) return { defaults, vars, params: {} }
  const { callers, dependencies } = role
  return {
    defaults: { ...defaults, ...all([...dependencies, ...callers, role], use => use.defaults) },
    vars: {
      ...vars,
      ...all(callers, use => ({ ...use.given, ...use.vars })),
      ...all(dependencies, use => use.vars),
      ...role.vars,
      ...role.given,
    },
    params: all([...callers, role], use => use.params),
  }
}
