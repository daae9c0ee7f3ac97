import type { Host } from '../model/inventory.ts'
import { magicNames } from '../model/known-names.ts'
import type { LoadedPlaybook, Play, RoleCall } from '../model/playbook.ts'
import { allTasks, blocksIn, sectionsOf } from '../model/steps.ts'
import type { Scope, TemplateOptions } from '../template/template.ts'
import { rethrowBug } from '../text/rethrow-bug.ts'
import { magicOfHost, magicOfTask, weakMagic } from '../values/magic.ts'
import { lacking } from '../values/need.ts'
import { precedence } from '../values/precedence.ts'
import { renderVariable } from '../values/render.ts'
import { type Layer, layeredScope } from '../values/scope.ts'
import { undefinedIn, unknownYet } from './role-settings.ts'
import { setInPlay } from './set-names.ts'

type Vars = Readonly<Record<string, unknown>>

/** What is known of a role's variables on a host before the run. */
export interface KnownVariables {
  readonly scope: Scope
  readonly layers: readonly Layer[]
  /** A value that needs no fact, result, lookup or clock; else `unknownYet`. */
  readonly read: (name: string) => unknown
}

/** Names that hosts may get a value for during the run: by `register`, `set_fact`, facts. */
export function settableIn(playbooks: readonly LoadedPlaybook[]): (name: string) => boolean {
  const asked = playbooks.flatMap(({ plays, types }) => plays.map(play => setInPlay(play, types)))
  return name => asked.some(isSet => isSet(name))
}

export function knownVariables(
  { role, inherited }: Pick<RoleCall, 'role' | 'inherited'>,
  { host, play }: { readonly host: Host; readonly play: Play },
  given: { readonly extraVars: Vars; readonly settable: (name: string) => boolean },
): KnownVariables {
  const template: TemplateOptions = { lookup: notNow, now: notNow, random: notNow }
  const magic: readonly Vars[] = [{ playbook_dir: play.folder }, magicOfHost(host), magicOfTask({ role }, play)]
  const layers = precedence(
    { role, inherited },
    { play, memory: { host, facts: undefined, results: {} }, extraVars: given.extraVars, magic, otherwise: weakMagic },
  )
  const own = new Set(magic.flatMap(vars => Object.keys(vars)))
  const later: Layer = {
    vars: {},
    awaited: name =>
      given.settable(name) ||
      (!own.has(name) && (name.startsWith('ansible_') || (magicNames as readonly string[]).includes(name))),
  }
  const strongest = layers.length - 1 - magic.length
  const all = [...layers.slice(0, strongest), later, ...layers.slice(strongest)]
  const scope = layeredScope(all, (value, inner) => renderVariable(value, inner, template))
  return {
    scope,
    layers: all,
    read: name => {
      try {
        const value = scope.get(name)
        return undefinedIn(value) === undefined ? value : unknownYet
      } catch (error) {
        rethrowBug(error)
        return unknownYet
      }
    },
  }
}

const notNow = (): never => {
  return lacking({ kind: 'facts', name: 'what only the run tells' })
}

/** The calls of roles whose settings are validated, in the order of the text. */
export const roleCallsIn = (play: Play): readonly RoleCall[] =>
  blocksIn(sectionsOf(play)).flatMap(({ validates }) => validates ?? [])

/** Variables that a play's text gives to its tasks. */
export const taskVariables = (play: Play): readonly Vars[] => [
  ...new Set(allTasks(play).flatMap(({ inherited }) => [inherited.vars, inherited.params])),
]
