import type { InvalidValue } from '../load/schema/option-value.ts'
import { Fault } from '../model/fault.ts'
import type { Host, Inventory } from '../model/inventory.ts'
import type { LoadedPlaybook, Play, RoleCall } from '../model/playbook.ts'
import type { RoleOption } from '../model/role-spec.ts'
import { selectHosts } from '../schedule/host-pattern.ts'
import { hasTemplate } from '../template/template.ts'
import { codeFrame } from '../text/code-frame.ts'
import type { At } from '../text/position.ts'
import { rethrowBug } from '../text/rethrow-bug.ts'
import { condition } from './condition-known.ts'
import { hostsThatDiffer } from './hosts-that-differ.ts'
import { misspeltSettings } from './misspelt-settings.ts'
import { readSettings } from './role-settings.ts'
import { settingPlace } from './setting-place.ts'
import type { SettingsAsked } from './settings-asked.ts'
import { type KnownVariables, knownVariables, roleCallsIn, settableIn } from './settings-known.ts'

/**
 * What is wrong with the settings of roles that have argument specs, as far as it is known before the first host: each
 * told where the user wrote the value. What waits for facts, results or lookups is checked when a host comes to the role.
 */
export function checkSettings(asked: SettingsAsked): readonly Fault[] {
  const settable = settableIn(asked.playbooks)
  const faults = new Map<string, Fault>()
  const add = (fault: Fault) => {
    const key = `${JSON.stringify(fault.at)} ${fault.message}`
    if (!faults.has(key)) faults.set(key, fault)
  }
  for (const playbook of asked.playbooks)
    for (const play of playbook.plays) {
      const calls = roleCallsIn(play)
      if (calls.length === 0) continue
      const hosts = hostsOf(play, asked)
      for (const call of calls)
        for (const host of hostsThatDiffer(call, { play, hosts, extraVars: asked.extraVars ?? {} }))
          for (const fault of wrongOn(host, call, { playbook, play, asked, settable })) add(fault)
    }
  for (const fault of misspeltSettings(asked)) add(fault)
  return [...faults.values()]
}

const nobody: Host = { name: 'localhost', groups: [], vars: {} }

const hostsOf = (play: Play, { inventory, limit, withoutHosts }: SettingsAsked): readonly Host[] => {
  if (withoutHosts === true) return [nobody]
  if (hasTemplate(play.hosts)) return []
  try {
    const pattern = Array.isArray(play.hosts) ? play.hosts.join(',') : String(play.hosts)
    const hosts = selectHosts(pattern, inventory)
    if (limit === undefined) return hosts
    const names = new Set(selectHosts(limit, inventory).map(host => host.name))
    return hosts.filter(host => names.has(host.name))
  } catch (error) {
    // A pattern that names nothing has its own fault.
    if (error instanceof Fault) return []
    throw error
  }
}

interface Where {
  readonly playbook: LoadedPlaybook
  readonly play: Play
  readonly asked: SettingsAsked
  readonly settable: (name: string) => boolean
}

const wrongOn = (host: Host, call: RoleCall, where: Where): readonly Fault[] => {
  const { asked, play } = where
  const extraVars = asked.extraVars ?? {}
  const known = knownVariables(call, { host, play }, { extraVars, settable: where.settable })
  // Where the role's `when` does not hold, or is not known to, nobody looks at its settings yet.
  if (!condition(call, known.scope)) return []
  const settable = (name: string) => asked.withoutHosts === true || where.settable(name)
  const { wrong } = readSettings(call, has(known), { read: known.read, settable })
  return wrong.map(one => {
    const name = one.path[0]
    const at = name === undefined ? call.at : (placeOf(one, { host, known }, where) ?? call.at)
    const text = textOf(at, where)
    const secret = secretAt(one.path, call.spec.options)
    return new Fault('role-setting', name === undefined ? one.message : `role ${call.role.name}: ${one.message}`, {
      at,
      ...(one.hint === undefined ? {} : { hint: one.hint }),
      ...(text === undefined || secret ? {} : { frame: codeFrame(text, at) }),
    })
  })
}

// A variable that waits for something is there, as far as anybody knows.
const has = ({ scope }: KnownVariables) => ({
  has: (name: string) => {
    try {
      return scope.has(name)
    } catch (error) {
      rethrowBug(error)
      return true
    }
  },
})

const secretAt = (path: InvalidValue['path'], options: Readonly<Record<string, RoleOption>>): boolean => {
  const [name, ...rest] = path.filter(step => typeof step === 'string')
  const option = options[name ?? '']
  if (option === undefined) return false
  return option.noLog || (option.inside !== undefined && secretAt(rest, option.inside.options))
}

const textOf = (at: At, { playbook, asked }: Where): string | undefined =>
  playbook.sources.get(at.file) ?? asked.inventory.texts?.get(at.file) ?? asked.extraTexts?.get(at.file)

/** Where the user gave the value that counts. */
const placeOf = (
  { path, key }: InvalidValue,
  { host, known }: { readonly host: Host; readonly known: KnownVariables },
  where: Where,
): At | undefined => {
  const [name = '', ...inner] = path
  const variable = String(name)
  const layer = known.layers.findLast(one => Object.hasOwn(one.vars, variable))
  if (layer === undefined) return undefined
  const { asked, playbook } = where
  const extra = layer.vars === asked.extraVars
  const texts = extra
    ? (asked.extraTexts ?? [])
    : layer.vars === host.vars
      ? nearestFirst(asked.inventory, host)
      : playbook.sources
  const found = settingPlace(variable, layer.vars[variable], { texts, path: inner, key: key === true })
  return found ?? (extra ? { file: '-e', line: 1, column: 1 } : undefined)
}

/** Texts of an inventory: what speaks of the host itself, then of its groups, the nearest first. */
const nearestFirst = ({ texts = new Map() }: Inventory, host: Host): readonly (readonly [string, string])[] => {
  const folders = [`/host_vars/${host.name}`, ...host.groups.toReversed().map(group => `/group_vars/${group}`)]
  const rank = (file: string) => {
    const found = folders.findIndex(folder => new RegExp(`${escaped(folder)}(\\.|/|$)`).test(file))
    return found < 0 ? folders.length : found
  }
  return [...texts].toSorted(([a], [b]) => rank(a) - rank(b))
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
