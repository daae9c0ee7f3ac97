import { templatesOfRole } from '../load/playbook/role-files.ts'
import { Fault } from '../model/fault.ts'
import type { Play, RoleCall } from '../model/playbook.ts'
import { codeFrame } from '../text/code-frame.ts'
import { closestName } from '../text/did-you-mean.ts'
import { settingPlace } from './setting-place.ts'
import type { SettingsAsked } from './settings-asked.ts'
import { roleCallsIn, settableIn, taskVariables } from './settings-known.ts'

type Vars = Readonly<Record<string, unknown>>

/**
 * Variables that the user sets and nothing reads, whose names begin as a role's options do and are near to one of them:
 * they were meant to be that option.
 */
export function misspeltSettings(asked: SettingsAsked): readonly Fault[] {
  const plays = asked.playbooks.flatMap(playbook => playbook.plays.map(play => ({ playbook, play })))
  const calls = plays.flatMap(({ play }) => roleCallsIn(play))
  if (calls.length === 0) return []
  const given = givenIn(asked)
  const set = settableIn(asked.playbooks)
  const known = new Set(
    calls.flatMap(({ spec }) => Object.entries(spec.options).flatMap(([name, { aliases }]) => [name, ...aliases])),
  )
  for (const { play } of plays)
    for (const role of play.roles)
      for (const vars of [role.defaults, role.vars]) for (const name of Object.keys(vars)) known.add(name)
  const families = calls.map(call => ({
    call,
    options: Object.keys(call.spec.options),
    prefixes: prefixesOf(Object.keys(call.spec.options)),
  }))
  const seen = new Set<string>()
  return [...given].flatMap(([name, { value, texts }]) => {
    if (known.has(name) || seen.has(name)) return []
    seen.add(name)
    for (const { call, options, prefixes } of families) {
      const meant = meantBy(name, options, prefixes)
      if (meant === undefined || set(name) || isRead(name, asked, call)) continue
      return [misspelt(name, { value, texts, meant, call, asked })]
    }
    return []
  })
}

const misspelt = (
  name: string,
  {
    value,
    texts,
    meant,
    call,
    asked,
  }: Given & { readonly meant: string; readonly call: RoleCall; readonly asked: SettingsAsked },
): Fault => {
  const at = settingPlace(name, value, { texts, key: true }) ?? { file: '-e', line: 1, column: 1 }
  const text = texts.get(at.file)
  return new Fault('role-setting', `the role ${call.role.name} has no setting '${name}', did you mean '${meant}'?`, {
    at,
    hint: `nothing reads '${name}'; mlplay doc ${call.role.name} shows the settings`,
    ...(text === undefined || asked.playbooks.length === 0 ? {} : { frame: codeFrame(text, at) }),
  })
}

/** The option that a name was meant to be. */
const meantBy = (name: string, options: readonly string[], prefixes: readonly string[]): string | undefined => {
  const meant = closestName(name, options)
  if (meant === undefined) return undefined
  const rest = (word: string) => word.slice(word.indexOf('_'))
  return prefixes.some(prefix => name.startsWith(prefix)) || (name.includes('_') && rest(name) === rest(meant))
    ? meant
    : undefined
}

/** What the names of options begin with: two words that three of them share, else one that half of them share. */
export function prefixesOf(options: readonly string[]): readonly string[] {
  const count = (words: number) => {
    const found = new Map<string, number>()
    for (const option of options) {
      const parts = option.split('_')
      if (parts.length <= words) continue
      const prefix = `${parts.slice(0, words).join('_')}_`
      found.set(prefix, (found.get(prefix) ?? 0) + 1)
    }
    return found
  }
  const two = [...count(2)].filter(([, often]) => often >= 3).map(([prefix]) => prefix)
  const one = [...count(1)]
    .filter(([prefix, often]) => prefix.length > 2 && often * 2 >= options.length)
    .map(([prefix]) => prefix)
  return [...two, ...one]
}

interface Given {
  readonly value: unknown
  readonly texts: ReadonlyMap<string, string>
}

/** What the user sets: in inventories, plays, their files, tasks and calls of roles, and with -e. */
function givenIn({
  playbooks,
  inventory,
  extraVars = {},
  extraTexts = new Map(),
}: SettingsAsked): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>()
  const add = (vars: Vars, texts: ReadonlyMap<string, string>) => {
    for (const [name, value] of Object.entries(vars)) if (!given.has(name)) given.set(name, { value, texts })
  }
  add(extraVars, extraTexts)
  for (const { plays, sources } of playbooks) for (const vars of plays.flatMap(varsOf)) add(vars, sources)
  const texts = inventory.texts ?? new Map<string, string>()
  for (const layer of new Set([...inventory.hosts.values()].flatMap(host => host.layers ?? [host.vars])))
    add(layer, texts)
  return given
}

const varsOf = (play: Play): readonly Vars[] => [
  play.vars,
  ...play.vars_files.map(file => file.vars),
  ...play.roles.flatMap(role => [role.given, role.params]),
  ...taskVariables(play),
]

/** Whether a name stands anywhere but where it is given a value: in the playbooks, the inventory, the role's templates. */
const isRead = (name: string, { playbooks, inventory }: SettingsAsked, { role }: RoleCall): boolean => {
  const texts = [...playbooks.flatMap(({ sources }) => [...sources.values()]), ...(inventory.texts?.values() ?? [])]
  const anywhere = new RegExp(`(^|[^\\w])${name}(?![\\w])(?!\\s*[:=](?!=))`, 'm')
  return [...texts, ...templatesOfRole(role.path)].some(text => anywhere.test(withoutComments(text)))
}

const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$/gm, '')
