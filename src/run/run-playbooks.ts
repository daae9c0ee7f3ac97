import { setMaxListeners } from 'node:events'
import { Fault } from '../model/fault.ts'
import type { Host } from '../model/inventory.ts'
import type { Play, Playbook } from '../model/playbook.ts'
import { failPercentage } from '../schedule/failure-budget.ts'
import { selectHosts } from '../schedule/host-pattern.ts'
import { ordered } from '../schedule/order.ts'
import { layeredScope } from '../schedule/scope.ts'
import { TemplateError } from '../schedule/template/template.ts'
import { plural } from '../text/plural.ts'
import { Secrets } from '../text/redact.ts'
import { someNames } from '../text/some-names.ts'
import type { Batch } from './batch.ts'
import { Connect } from './connect.ts'
import { Fleet } from './fleet.ts'
import type { HostContext } from './host-context.ts'
import { HostRun } from './host-run.ts'
import { scopesOf } from './host-scopes.ts'
import { magicOfBatch, magicOfHost, magicOfRun } from './magic.ts'
import type { HostMemory } from './memory.ts'
import type { RunRequest } from './request.ts'
import { rollOut } from './roll-out.ts'
import { type Setting, settingOf } from './setting.ts'
import type { Walker } from './walker.ts'

/** Seconds a change may still take after Ctrl-C before it is cancelled. */
const GRACE = 10

/** Runs playbooks one after the other and gives the exit code (docs/exit-codes.md). Hosts' failures are events, not throws. */
export async function runPlaybooks(request: RunRequest): Promise<number> {
  const began = request.environment.now().getTime()
  const run = new Run(request)
  const { emit } = request
  emit({
    event: 'run',
    playbooks: request.playbooks.map(playbook => playbook.file),
    check: request.check,
    hosts: request.inventory.hosts.size,
  })
  const onAbort = () => emit({ event: 'interrupted', signal: String(request.signal.reason ?? 'SIGINT') })
  request.signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (const playbook of request.playbooks) for (const play of playbook.plays) await run.play(playbook, play)
  } finally {
    request.signal.removeEventListener('abort', onAbort)
    await run.close()
  }
  run.tellUntouched()
  const exit = run.exitCode()
  emit({
    event: 'summary',
    check: request.check,
    ...run.totals(),
    exit_code: exit,
    ms: request.environment.now().getTime() - began,
  })
  return exit
}

class Run {
  readonly #request: RunRequest
  readonly #fleet: Fleet
  readonly #magic: Readonly<Record<string, unknown>>
  readonly #secrets = new Secrets()
  readonly #passwords = new Map<string, string>()
  readonly #hard = new AbortController()
  readonly #connect: Connect
  #stepping: 'each' | 'all' = 'each'
  readonly #startAt: { reached: boolean; readonly name: string } | undefined
  /** Why no further host is touched. */
  #stopped: string | undefined
  readonly #untouched = new Set<string>()
  readonly #visited = new Set<HostMemory>()

  constructor(request: RunRequest) {
    this.#request = request
    // Each host at work listens for the end: many of them are no leak.
    setMaxListeners(0, request.signal, this.#hard.signal)
    this.#fleet = new Fleet(request.inventory)
    this.#magic = magicOfRun(request, this.#fleet)
    this.#connect = new Connect(request, this.#secrets)
    this.#startAt = request.startAtTask === undefined ? undefined : { reached: false, name: request.startAtTask }
    request.signal.addEventListener('abort', () => setTimeout(() => this.#hard.abort(), GRACE * 1000).unref(), {
      once: true,
    })
  }

  async play(playbook: Playbook, play: Play): Promise<void> {
    const request = this.#request
    const setting = settingOf(playbook, play, { request, secrets: this.#secrets, passwords: this.#passwords })
    const bare = layeredScope([{ vars: play.vars }, { vars: request.extraVars }], setting.render)
    const said = (value: unknown) => (value === undefined ? undefined : setting.render(value, bare))
    if (this.#stopped !== undefined || request.signal.aborted)
      return this.#skip(quietly(() => this.#hostsOf(said(play.hosts)).hosts))
    const { chosen, hosts } = this.#hostsOf(said(play.hosts))
    if (hosts.length === 0) return this.#noHosts(play, chosen)
    const rolled = await rollOut({
      setting,
      hosts: ordered(hosts, play.order, request.environment.random),
      serial: said(play.serial),
      percentage: failPercentage(said(play.max_fail_percentage)),
      request,
      runnerOf: batch => {
        const alive = (of: readonly Host[]) => this.#fleet.alive(of)
        const magic = magicOfBatch(play, { hosts, batch: batch.hosts, alive })
        return walker => new HostRun(this.#context(setting, { hosts, batch, walker, magic })).run()
      },
      release: batch => this.#release(batch, hosts.length),
      batchOver: () => this.#leaveVisited(),
    })
    this.#skip(rolled.untouched)
    this.#stopped = rolled.stopped
  }

  /** The last word on a run that did not come to its end: who had no turn, and why. */
  tellUntouched(): void {
    const names = [...this.#untouched]
    const { aborted } = this.#request.signal
    if (this.#stopped === undefined && (!aborted || names.length === 0)) return
    const count = `${plural(names.length, 'host')} ${names.length === 1 ? 'was' : 'were'} not touched`
    const who = names.length === 0 ? 'every host had its turn' : `${count}: ${someNames(names, 20)}`
    const what = this.#stopped === undefined ? 'interrupted' : `the run stops here: ${this.#stopped}`
    this.#request.emit({ event: 'warning', message: `${what}; ${who}` })
  }

  #skip(hosts: readonly Host[]): void {
    for (const { name } of hosts) if (!this.#fleet.memory(this.#fleet.named(name)).dropped) this.#untouched.add(name)
  }

  #hostsOf(pattern: unknown): { readonly chosen: readonly Host[]; readonly hosts: readonly Host[] } {
    const { inventory, limit } = this.#request
    const chosen = selectHosts(Array.isArray(pattern) ? pattern.join(',') : String(pattern), inventory)
    const limited = limit === undefined ? undefined : new Set(selectHosts(limit, inventory).map(host => host.name))
    const hosts = chosen
      .filter(host => limited === undefined || limited.has(host.name))
      .filter(host => !this.#memory(host).dropped)
    return { chosen, hosts }
  }

  /** Connections are kept for the next play where all its hosts are at work at once; a fleet's would be too many. */
  async #release(batch: readonly Host[], hosts: number): Promise<void> {
    if (hosts <= this.#request.forks) return
    await Promise.all(batch.map(host => this.#fleet.met(host.name)?.leave()))
  }

  /** Hosts that others acted on need not be in any batch: who knows how many there are. */
  async #leaveVisited(): Promise<void> {
    const visited = [...this.#visited]
    this.#visited.clear()
    await Promise.all(visited.map(memory => memory.leave()))
  }

  #context(
    setting: Setting,
    at: {
      readonly hosts: readonly Host[]
      readonly batch: Batch
      readonly walker: Walker
      readonly magic: Readonly<Record<string, unknown>>
    },
  ): HostContext {
    const { request } = { request: this.#request }
    const { play, playbook, template } = setting
    const { host } = at.walker
    const memory = this.#memory(host)
    const scopes = (of: HostMemory) =>
      scopesOf(of, setting, {
        extraVars: request.extraVars,
        magic: [this.#magic, at.magic, magicOfHost(of.host)],
      })
    const scopeOf = scopes(memory)
    const other = (name: string) => {
      const found = this.#memory(this.#hostNamed(name))
      return { memory: found, scope: scopes(found)(undefined, {}) }
    }
    return {
      play,
      memory,
      batch: at.batch,
      walker: at.walker,
      types: playbook.types,
      check: request.check,
      emit: event => request.emit(this.#secrets.maskDeep(event)),
      secrets: this.#secrets,
      template,
      signal: request.signal,
      hardSignal: this.#hard.signal,
      tags: request.tags,
      skipTags: request.skipTags,
      become: request.become,
      becomeUser: request.becomeUser,
      ...(request.step === true ? { step: (task: string) => this.#mayStep(host.name, task) } : {}),
      usesFacts: setting.usesFacts,
      scopeOf,
      other,
      companions: () => at.hosts.map(one => this.#memory(one)),
      openShell: wish => {
        // How another host is reached is for its own variables to say.
        const target = wish.host === undefined ? memory : other(wish.host).memory
        if (wish.host !== undefined) this.#visited.add(target)
        const scope = () => (wish.host === undefined ? scopeOf(undefined, {}) : other(wish.host).scope)
        return this.#connect.shell(wish, { memory: target, play, template, scope })
      },
      startAt: this.#startAt,
      now: request.environment.now,
      random: request.environment.random,
    }
  }

  async #mayStep(host: string, task: string): Promise<boolean> {
    if (this.#stepping === 'all') return true
    const answer = (
      await this.#request.ask('step', `${host}: ${task}? (y)es, (n)o, (c)ontinue without asking`)
    ).toLowerCase()
    if (answer.startsWith('c')) this.#stepping = 'all'
    return /^[yc]/.test(answer)
  }

  #hostNamed(name: string): Host {
    return this.#fleet.named(name)
  }

  #memory(host: Host): HostMemory {
    return this.#fleet.memory(host)
  }

  #noHosts(play: Play, chosen: readonly Host[]): void {
    const dropped = chosen.filter(host => this.#memory(host).dropped !== undefined)
    if (dropped.length > 0) return
    if (chosen.length > 0)
      throw new Fault('no-hosts', `the limit '${this.#request.limit}' leaves no host of play '${play.name}'`, {
        hint: `its hosts are: ${chosen
          .slice(0, 5)
          .map(host => host.name)
          .join(', ')}`,
      })
    throw new Fault('no-hosts', `the play '${play.name}' has no hosts`, {
      at: play.locate(['hosts']),
      hint: 'mlplay inventory --graph shows what the inventory holds',
    })
  }

  totals() {
    const { stopped } = this.#fleet
    return {
      ...this.#fleet.totals(),
      ...(this.#untouched.size > 0 ? { untouched: [...this.#untouched] } : {}),
      ...(stopped.length > 0 ? { stopped } : {}),
    }
  }

  exitCode(): number {
    const { all } = this.#fleet
    if (this.#request.signal.aborted) return 130
    if (all.some(memory => memory.lost === 'failed')) return 2
    if (all.some(memory => memory.lost === 'unreachable')) return 4
    if (this.#request.check && this.#request.detailedExitcode === true && all.some(memory => memory.counts.changed > 0))
      return 5
    return 0
  }

  async close(): Promise<void> {
    await this.#fleet.close()
    await this.#connect.close()
  }
}

// A play that is not run any more need not be right.
const quietly = (hosts: () => readonly Host[]): readonly Host[] => {
  try {
    return hosts()
  } catch (error) {
    if (error instanceof Fault || error instanceof TemplateError) return []
    throw error
  }
}
