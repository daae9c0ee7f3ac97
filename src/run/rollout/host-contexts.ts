import { setInPlay } from '../../check/set-names.ts'
import { type Start, startPosition } from '../../check/start-at.ts'
import { placesIn } from '../../load/yaml/places.ts'
import type { Host } from '../../model/inventory.ts'
import type { Secrets } from '../../text/redact.ts'
import { type PlayVariables, type ScopeOf, scopesOf } from '../../values/host-scopes.ts'
import { awaiting, hostvars, varsForOthers } from '../../values/hostvars.ts'
import { magicOfBatch, magicOfHost } from '../../values/magic.ts'
import { reachedBy } from '../../values/reached-by.ts'
import { targetOf } from '../../values/target-of.ts'
import type { HostSessions } from '../session/connect.ts'
import type { HostState } from '../state/host-state.ts'
import type { HostStates } from '../state/host-states.ts'
import type { InnerRequest } from '../state/request.ts'
import type { HostContext } from '../task/host-context.ts'
import type { PlayContext } from './play-context.ts'
import type { RunningBatch } from './roll-out.ts'
import type { stepping } from './stepping.ts'

type Vars = Readonly<Record<string, unknown>>

/** What all plays of a run share. */
export interface RunContext {
  readonly request: InnerRequest
  readonly fleet: HostStates
  readonly magic: Vars
  readonly secrets: Secrets
  readonly connect: HostSessions
  readonly hardSignal: AbortSignal
  readonly start: Start | undefined
  readonly step: ReturnType<typeof stepping> | undefined
  /** Hosts that others acted on, to be closed with the batch. */
  readonly visited: Set<HostState>
}

/** Makes what each host of a batch runs with. */
export function contexts(
  setting: PlayContext,
  shared: RunContext,
  of: { readonly hosts: readonly Host[]; readonly all: readonly Host[]; readonly batch: RunningBatch },
): (host: Host) => HostContext {
  const { request, fleet, secrets, connect, visited, step } = shared
  const { play, playbook, template } = setting
  const { extraVars, environment } = request
  const { coordinator } = of.batch
  const alive = (hosts: readonly Host[]) => fleet.alive(hosts)
  const ofBatch = magicOfBatch(play, { hosts: of.hosts, all: of.all, batch: of.batch.hosts, alive })
  const isSet = setInPlay(play, playbook.types)
  const variables: PlayVariables = { play, types: playbook.types, render: setting.render }
  const known = (name: string) =>
    fleet.met(name) ?? (request.inventory.hosts.has(name) ? fleet.memory(fleet.named(name)) : undefined)
  const magicFor = (reader?: Host): readonly Vars[] => {
    // What a host of the batch is still to set is waited for, unless this one is not on its way at all.
    const awaits = ({ name }: Host) => reader !== undefined && coordinator.isBehind(name, reader.name)
    const all = hostvars(request.inventory, known, values => {
      const vars = varsForOthers(values, setting, { extraVars, magic })
      return awaits(values.host) ? awaiting(vars, values.host.name, isSet) : vars
    })
    const magic = [shared.magic, { hostvars: all }, ofBatch]
    return magic
  }
  const bare = magicFor()
  const scopes = (memory: HostState, magic = bare): ScopeOf =>
    scopesOf(memory, variables, {
      extraVars,
      magic: [...magic, magicOfHost(memory.host)],
      reached: name => reachedBy(name, memory.host, () => targetOf({ ...target(memory), play, template }, request)),
    })
  const target = (memory: HostState) => ({ host: memory.host, scope: scopes(memory)(undefined, {}) })
  const other: HostContext['other'] = name => {
    const memory = fleet.memory(fleet.named(name))
    return { memory, scope: scopes(memory)(undefined, {}) }
  }
  const same = {
    play,
    coordinator,
    crowded: of.batch.crowded,
    types: playbook.types,
    places: placesIn(playbook.sources),
    check: request.check,
    record: request.record,
    ...(request.journal === undefined ? {} : { journal: request.journal }),
    secrets,
    template,
    signal: request.signal,
    hardSignal: shared.hardSignal,
    tags: request.tags,
    skipTags: request.skipTags,
    become: request.become,
    becomeUser: request.becomeUser,
    usesFacts: setting.usesFacts,
    readsOthers: setting.readsOthers,
    other,
    companions: () => of.hosts.map(host => fleet.memory(host)),
    start: startPosition(shared.start, play),
    now: environment.now,
    random: environment.random,
  } satisfies Partial<HostContext>
  return host => {
    const memory = fleet.memory(host)
    const scopeOf = scopes(memory, magicFor(host))
    return {
      ...same,
      memory,
      first: host === of.batch.hosts[0],
      reached: name => coordinator.awaitHost(name, host.name),
      scopeOf,
      ...(step === undefined ? {} : { step: task => step({ ...task, host: host.name, hosts: of.batch.hosts.length }) }),
      openShell: wish => {
        if (wish.host === undefined)
          return connect.shell(wish, { memory, play, template, scope: () => scopeOf(undefined, {}) })
        // How another host is reached is for its own variables to say.
        const { memory: target, scope } = other(wish.host)
        visited.add(target)
        return connect.shell(wish, { memory: target, play, template, scope: () => scope })
      },
    }
  }
}
