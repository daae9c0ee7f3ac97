import { setMaxListeners } from 'node:events'
import { basename } from 'node:path'
import { bracedConditions } from '../../check/braced-conditions.ts'
import { startAt } from '../../check/start-at.ts'
import { placesIn } from '../../load/yaml/places.ts'
import { Fault } from '../../model/fault.ts'
import type { Host } from '../../model/inventory.ts'
import type { LoadedPlaybook, Play } from '../../model/playbook.ts'
import { failPercentage } from '../../schedule/failure-budget.ts'
import { ordered } from '../../schedule/order.ts'
import { hostsByDescriptors } from '../../shell/descriptors.ts'
import { solid } from '../../template/solid.ts'
import { plural } from '../../text/plural.ts'
import { Secrets } from '../../text/redact.ts'
import { someNames } from '../../text/some-names.ts'
import { magicOfRun } from '../../values/magic.ts'
import { faultAt } from '../../values/render.ts'
import { layeredScope } from '../../values/scope.ts'
import { runHost } from '../host/run-host.ts'
import { HostSessions } from '../session/connect.ts'
import type { HostState } from '../state/host-state.ts'
import { HostStates } from '../state/host-states.ts'
import type { InnerRequest, RunRequest } from '../state/request.ts'
import { stackOf } from '../task/as-outcome.ts'
import { border, withoutSecrets } from './border.ts'
import { exitCode } from './exit-code.ts'
import { contexts, type RunContext } from './host-contexts.ts'
import { type PlayContext, playContext } from './play-context.ts'
import { checkLimit, playHosts, within } from './play-hosts.ts'
import { rollOut } from './roll-out.ts'
import { stepping } from './stepping.ts'
import { untouched } from './stopped-message.ts'

/** Runs playbooks one after the other and gives the exit code (docs/exit-codes.md). Hosts' failures are events, not throws. */
export async function runPlaybooks(given: RunRequest): Promise<number> {
  const secrets = new Secrets()
  try {
    return await perform(border(given, secrets), secrets)
  } catch (error) {
    throw withoutSecrets(error, secrets)
  }
}

// One line, however many there are: a role of others may have a hundred.
function warnOfBraces({ playbooks, record }: InnerRequest): void {
  const [first, ...more] = playbooks.flatMap(bracedConditions)
  if (first === undefined) return
  const others = more.length === 0 ? '' : `, as in ${more.length} more place${more.length === 1 ? '' : 's'}`
  record({
    record: 'warning',
    message: `a condition is an expression already: take the {{ }} away${others}`,
    at: first,
  })
}

async function perform({ request: given, broken }: ReturnType<typeof border>, secrets: Secrets): Promise<number> {
  const forks = given.connect === undefined ? Math.min(given.forks, hostsByDescriptors()) : given.forks
  const request = { ...given, forks }
  const began = request.environment.now().getTime()
  const run = new Run(request, secrets)
  const { record } = request
  record({
    record: 'run',
    playbooks: request.playbooks.map(playbook => playbook.file),
    check: request.check,
    hosts: request.inventory.hosts.size,
  })
  if (forks < given.forks && forks < request.inventory.hosts.size)
    record({
      record: 'warning',
      message: `${forks} hosts at once instead of ${given.forks}: this process may open few files (ulimit -n)`,
    })
  warnOfBraces(request)
  const { grace = 10, now } = request
  const told = (signal: AbortSignal, left: number) => () =>
    record({ record: 'interrupted', signal: String(signal.reason ?? 'SIGINT'), grace: left })
  const onAbort = told(request.signal, grace)
  const onNow = now === undefined ? () => {} : told(now, 0)
  now?.addEventListener('abort', onNow, { once: true })
  request.signal.addEventListener('abort', onAbort, { once: true })
  try {
    run.checkLimit()
    for (const playbook of request.playbooks) {
      for (const play of playbook.plays) await run.play(playbook, play)
      run.ended(playbook)
    }
  } finally {
    request.signal.removeEventListener('abort', onAbort)
    now?.removeEventListener('abort', onNow)
    await run.close()
  }
  run.tellUntouched()
  const exit = exitCode(run.hosts, request, run.broken) || (broken() ? 1 : 0)
  record({
    record: 'summary',
    check: request.check,
    ...run.totals(),
    exit_code: exit,
    ms: request.environment.now().getTime() - began,
  })
  return exit
}

class Run {
  readonly #request: InnerRequest
  readonly #fleet: HostStates
  readonly #secrets: Secrets
  readonly #passwords = new Map<string, string>()
  readonly #shared: RunContext
  /** A play could not run for what stands in it, when others had run before. */
  broken = false
  /** Why no further host is touched. */
  #stopped: string | undefined
  readonly #untouched = new Set<string>()

  constructor(request: InnerRequest, secrets: Secrets) {
    const { signal, startAtTask, grace = 10 } = request
    const hard = new AbortController()
    signal.addEventListener('abort', () => setTimeout(() => hard.abort(), grace * 1000).unref(), { once: true })
    request.now?.addEventListener('abort', () => hard.abort(), { once: true })
    this.#request = request
    this.#secrets = secrets
    // Each host at work listens for the end: many of them are no leak.
    setMaxListeners(0, signal, hard.signal)
    this.#fleet = new HostStates(request.inventory)
    this.#shared = {
      request,
      fleet: this.#fleet,
      magic: magicOfRun(request),
      secrets: this.#secrets,
      connect: new HostSessions(request, this.#secrets),
      hardSignal: hard.signal,
      start: startAtTask === undefined ? undefined : startAt(request.playbooks, startAtTask),
      step: request.step === true ? stepping(request) : undefined,
      visited: new Set(),
    }
  }

  checkLimit(): void {
    const plays = this.#request.playbooks.flatMap(playbook => playbook.plays.map(play => ({ playbook, play })))
    checkLimit(
      plays.map(({ playbook, play }) => ({
        play,
        pattern: () => this.#keyword(play, 'hosts', this.#setting(playbook, play)),
      })),
      this.#request,
    )
  }

  /** A playbook builds on the one before it: where a host failed or was unreachable in that one, the run ends, as in Ansible. */
  ended(playbook: LoadedPlaybook): void {
    const lost = this.#fleet.all.filter(memory => memory.dropped).map(memory => memory.host.name)
    if (lost.length === 0 || playbook === this.#request.playbooks.at(-1)) return
    this.#stopped ??= `${plural(lost.length, 'host')} failed or ${lost.length === 1 ? 'was' : 'were'} unreachable in ${basename(playbook.file)} (${someNames(lost)})`
  }

  #setting(playbook: LoadedPlaybook, play: Play): PlayContext {
    return playContext(playbook, play, { request: this.#request, secrets: this.#secrets, passwords: this.#passwords })
  }

  /** A keyword of a play, rendered from the play's own variables and those of the command line. */
  #keyword(
    play: Play,
    key: 'hosts' | 'serial' | 'order' | 'max_fail_percentage',
    { render, playbook }: PlayContext,
  ): unknown {
    if (play[key] === undefined) return undefined
    try {
      return solid(render(play[key], layeredScope([{ vars: play.vars }, { vars: this.#request.extraVars }], render)))
    } catch (error) {
      throw faultAt(error, placesIn(playbook.sources)(play.source)([key]))
    }
  }

  /** A play that turns out wrong is bad input before the first host, and after it a run that stops. */
  async play(playbook: LoadedPlaybook, play: Play): Promise<void> {
    try {
      await this.#play(playbook, play)
    } catch (error) {
      const touched = this.#fleet.all.some(memory => memory.left !== undefined)
      if (!touched) throw error
      this.broken = true
      this.#stopped =
        error instanceof Fault
          ? `the play '${play.name}' cannot run: ${error.describe()}`
          : `a bug in mlplay, not in your files, ended the play '${play.name}'. Please report it with this:\n${stackOf(error)}`
      if (!(error instanceof Fault)) for (const memory of this.#fleet.all) memory.bug = true
    }
  }

  async #play(playbook: LoadedPlaybook, play: Play): Promise<void> {
    const request = this.#request
    const setting = this.#setting(playbook, play)
    const said = (key: 'hosts' | 'serial' | 'order' | 'max_fail_percentage') => this.#keyword(play, key, setting)
    const choose = () => playHosts(play, said('hosts'), { ...request, fleet: this.#fleet })
    if (this.#stopped !== undefined || request.signal.aborted) return this.#skip(quietly(choose))
    const hosts = ordered(choose(), said('order'), request.environment.random)
    if (hosts.length === 0) return
    const all = within(play, said('hosts'), request)
    for (const host of hosts) this.#fleet.memory(host).through = false
    const rolled = await rollOut({
      setting,
      hosts,
      serial: said('serial'),
      percentage: failPercentage(said('max_fail_percentage')),
      request,
      runnerOf: batch => {
        const contextOf = contexts(setting, this.#shared, { hosts, all, batch })
        return host => runHost(contextOf(host))
      },
      release: batch => this.#release(batch, hosts.length),
      batchOver: () => this.#leaveVisited(),
    })
    this.#skip(rolled.untouched)
    this.#stopped = rolled.stopped
  }

  tellUntouched(): void {
    const names = [...this.#untouched]
    if (this.#stopped === undefined && (!this.#request.signal.aborted || names.length === 0)) return
    // Where every host had its turn, the hosts' own lines have said why.
    if (names.length === 0 && this.#fleet.stopped.length === 0 && !this.broken) return
    this.#request.record({ record: 'warning', message: untouched(names, this.#stopped) })
  }

  get hosts(): readonly HostState[] {
    return this.#fleet.all
  }

  totals() {
    const { stopped } = this.#fleet
    return {
      ...this.#fleet.totals(),
      ...(this.#untouched.size > 0 ? { untouched: [...this.#untouched] } : {}),
      ...(stopped.length > 0 ? { stopped } : {}),
    }
  }

  async close(): Promise<void> {
    await this.#fleet.close()
    await this.#shared.connect.close()
  }

  #skip(hosts: readonly Host[]): void {
    for (const { name } of hosts) this.#untouched.add(name)
  }

  /** Connections are kept for the next play where all its hosts are at work at once; a fleet's would be too many. */
  async #release(batch: readonly Host[], hosts: number): Promise<void> {
    if (hosts <= this.#request.forks) return
    await Promise.all(batch.map(host => this.#fleet.met(host.name)?.leave()))
  }

  /** Hosts that others acted on need not be in any batch: who knows how many there are. */
  async #leaveVisited(): Promise<void> {
    const visited = [...this.#shared.visited]
    this.#shared.visited.clear()
    await Promise.all(visited.map(memory => memory.leave()))
  }
}

// A play that is not run any more need not be right.
const quietly = (hosts: () => readonly Host[]): readonly Host[] => {
  try {
    return hosts()
  } catch (error) {
    if (error instanceof Fault) return []
    throw error
  }
}
