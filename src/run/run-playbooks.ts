import { dirname } from 'node:path'
import { Fault } from '../model/fault.ts'
import type { Host } from '../model/inventory.ts'
import type { Play, Playbook } from '../model/playbook.ts'
import { batches } from '../schedule/batches.ts'
import { selectHosts } from '../schedule/host-pattern.ts'
import { FactsNeeded, layeredScope } from '../schedule/scope.ts'
import type { Scope, TemplateOptions } from '../schedule/template/template.ts'
import type { Shell } from '../shell/shell.ts'
import { Secrets } from '../text/redact.ts'
import { Connect, type Wanted } from './connect.ts'
import { Fleet } from './fleet.ts'
import { HostRun } from './host-run.ts'
import type { ShellWish } from './item.ts'
import { lookups } from './lookups.ts'
import { magicOfBatch, magicOfHost, magicOfRole, magicOfRun } from './magic.ts'
import type { HostMemory } from './memory.ts'
import { renderDeep } from './render.ts'
import type { RunRequest } from './request.ts'
import { isConnectionVariable, layersFor } from './variables.ts'

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
    for (const playbook of request.playbooks)
      for (const play of playbook.plays) if (!request.signal.aborted && !run.stopped) await run.play(playbook, play)
  } finally {
    request.signal.removeEventListener('abort', onAbort)
    await run.close()
  }
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
  stopped = false

  constructor(request: RunRequest) {
    this.#request = request
    this.#fleet = new Fleet(request.inventory)
    this.#magic = magicOfRun(request, this.#fleet)
    this.#connect = new Connect(request, this.#secrets)
    this.#startAt = request.startAtTask === undefined ? undefined : { reached: false, name: request.startAtTask }
    request.signal.addEventListener('abort', () => setTimeout(() => this.#hard.abort(), GRACE * 1000).unref(), {
      once: true,
    })
  }

  async play(playbook: Playbook, play: Play): Promise<void> {
    const { request } = { request: this.#request }
    const bare = layeredScope([{ vars: play.vars }, { vars: request.extraVars }], this.#renderer(playbook, play))
    const pattern = renderDeep(play.hosts, bare, this.#template(playbook, play))
    const chosen = selectHosts(Array.isArray(pattern) ? pattern.join(',') : String(pattern), request.inventory)
    const limited =
      request.limit === undefined
        ? undefined
        : new Set(selectHosts(request.limit, request.inventory).map(host => host.name))
    const hosts = chosen
      .filter(host => limited === undefined || limited.has(host.name))
      .filter(host => this.#memory(host).dropped === undefined)
    if (hosts.length === 0) return this.#noHosts(play, chosen)
    const sizes = batches(
      hosts.length,
      play.serial === undefined ? undefined : renderDeep(play.serial, bare, this.#template(playbook, play)),
    )
    let start = 0
    for (const [index, size] of sizes.entries()) {
      const batch = hosts.slice(start, start + size)
      start += size
      request.emit({
        event: 'play',
        play: play.name,
        hosts: batch.map(host => host.name),
        ...(sizes.length > 1 ? { batch: [index + 1, sizes.length] as const } : {}),
      })
      await this.#batch(playbook, play, batch)
      // A rollout stops before the next batch when anything in this one failed or could not be reached.
      const lost = batch.filter(host => this.#memory(host).dropped !== undefined).length
      if (request.signal.aborted) return
      if (
        lost > 0 &&
        start < hosts.length &&
        (lost === batch.length || (100 * lost) / batch.length > Number(play.max_fail_percentage ?? 0))
      ) {
        this.stopped = true
        request.emit({
          event: 'warning',
          message: `the rollout stops here: ${lost} of ${batch.length} hosts of batch ${index + 1} are lost; ${hosts.length - start} hosts were not touched`,
        })
        return
      }
    }
  }

  async #batch(playbook: Playbook, play: Play, hosts: readonly Host[]): Promise<void> {
    const usesFacts =
      play.gather_facts !== false &&
      [...playbook.sources.values()].some(text =>
        /\bansible_(?!check_mode|connection|host\b|port|user|become|play_|ssh_|version|managed|loop)[a-z]/.test(text),
      )
    const queue = [...hosts]
    const worker = async (): Promise<void> => {
      for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
        if (this.#request.signal.aborted) return
        await this.#host(playbook, play, { host, hosts, usesFacts })
      }
    }
    await Promise.all(Array.from({ length: Math.min(this.#request.forks, hosts.length) }, worker))
  }

  async #host(
    playbook: Playbook,
    play: Play,
    at: {
      readonly host: Host
      readonly hosts: readonly Host[]
      readonly usesFacts: boolean
    },
  ): Promise<void> {
    const { request } = { request: this.#request }
    const memory = this.#memory(at.host)
    const template = this.#template(playbook, play)
    const render = this.#renderer(playbook, play)
    const magic = [this.#magic, magicOfBatch(play, at.hosts), magicOfHost(at.host)]
    const scopeOf = (task: Parameters<typeof layersFor>[0], extra: Readonly<Record<string, unknown>>): Scope =>
      layeredScope(
        [
          ...layersFor(task, { play, memory, extraVars: request.extraVars, magic: [...magic, magicOfRole(task)] }),
          { vars: extra, data: true },
        ],
        render,
        name => {
          if (
            memory.facts === undefined &&
            name.startsWith('ansible_') &&
            !isConnectionVariable(name) &&
            play.gather_facts !== false
          )
            throw new FactsNeeded(name)
          return undefined
        },
      )
    await new HostRun({
      play,
      memory,
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
      ...(request.step === true ? { step: (task: string) => this.#mayStep(memory.host.name, task) } : {}),
      usesFacts: at.usesFacts,
      scopeOf,
      openShell: wish => this.#shell(memory, wish, { play, template, scope: () => scopeOf(undefined, {}) }),
      startAt: this.#startAt,
      now: request.environment.now,
      random: request.environment.random,
    }).run()
  }

  #shell(memory: HostMemory, wish: ShellWish, at: Omit<Wanted, 'memory'>): Promise<Shell> {
    if (wish.host === undefined || wish.host === memory.host.name) return this.#connect.shell(wish, { ...at, memory })
    // How another host is reached is for its own variables to say.
    const { name, vars } = this.#hostNamed(wish.host)
    const layers = [{ vars }, { vars: this.#request.extraVars }, { vars: { inventory_hostname: name }, data: true }]
    const scope = () => layeredScope(layers, (value, inner) => renderDeep(value, inner, at.template))
    return this.#connect.shell(wish, { ...at, scope, memory: this.#memory(this.#hostNamed(name)) })
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

  #template(playbook: Playbook, play: Play): TemplateOptions {
    const { environment, check } = this.#request
    return {
      now: environment.now,
      lookup: lookups({
        folders: [play.folder, dirname(playbook.file), environment.cwd],
        env: environment.env,
        random: environment.random,
        check,
        secrets: this.#secrets,
        made: this.#passwords,
      }),
    }
  }

  #renderer(playbook: Playbook, play: Play) {
    const template = this.#template(playbook, play)
    return (value: unknown, scope: Scope): unknown => renderDeep(value, scope, template)
  }

  totals() {
    return this.#fleet.totals()
  }

  exitCode(): number {
    if (this.#request.signal.aborted) return 130
    const { all } = this.#fleet
    if (all.some(memory => memory.dropped === 'failed')) return 2
    if (all.some(memory => memory.dropped === 'unreachable')) return 4
    if (this.#request.check && this.#request.detailedExitcode === true && all.some(memory => memory.counts.changed > 0))
      return 5
    return 0
  }

  async close(): Promise<void> {
    await this.#fleet.close()
  }
}
