import { readFileSync } from 'node:fs'
import { checkRun, patternOf, tasksOf } from '../check/check-run.ts'
import { idleBecome } from '../check/idle-become.ts'
import { readLimit } from '../load/yaml/read-limit.ts'
import { cannotRead } from '../load/yaml/read-text.ts'
import type { Event } from '../model/event.ts'
import { Fault } from '../model/fault.ts'
import type { Play } from '../model/playbook.ts'
import { chooseReport, type ReportKind } from '../report/choose-report.ts'
import { runPlaybooks } from '../run/rollout/run-playbooks.ts'
import { selectHosts } from '../schedule/host-pattern.ts'
import { selected } from '../schedule/tags.ts'
import { namedAfter } from '../store/last-run.ts'
import type { ConnectionOptions } from '../values/target-of.ts'
import { ask, questionsFor } from './ask.ts'
import { inventoriesIn, withInventory } from './find-inventory.ts'
import { environment, type Prepared, type PrepareOptions, prepare } from './prepare.ts'
import { ReportOutput } from './report-output.ts'
import { lastRunPath, saveLastRun } from './save-last-run.ts'
import { Stop } from './stop.ts'
import { terminalStyle } from './terminal-style.ts'

export interface RunOptions extends PrepareOptions {
  readonly limit?: string
  readonly forks: number
  readonly become?: boolean
  readonly becomeUser?: string
  readonly askBecomePass?: boolean
  readonly becomePasswordFile?: string
  readonly user?: string
  readonly askPass?: boolean
  readonly connectionPasswordFile?: string
  readonly privateKey?: string
  readonly connection?: string
  readonly timeout?: number
  readonly hostKeyChecking?: 'strict' | 'accept-new'
  readonly sshCommonArgs?: string
  readonly output?: ReportKind
  readonly verbose: number
  readonly check?: boolean
  readonly diff?: boolean
  readonly dryRun?: boolean
  readonly tags?: readonly string[]
  readonly skipTags?: readonly string[]
  readonly startAtTask?: string
  readonly step?: boolean
  readonly listHosts?: boolean
  readonly listTasks?: boolean
  readonly listTags?: boolean
  readonly detailedExitcode?: boolean
  /** The file that remembers which hosts failed, for `-l @failed`. */
  readonly lastRunFile?: string
}

/** `mlplay run`: checks everything, then runs. Returns the exit code. */
export async function run(paths: readonly string[], asked: RunOptions): Promise<number> {
  const given = withInventory(asked)
  const record = lastRunPath(paths, given.inventory)
  const options = withLimit(given, record)
  const prepared = await prepare(paths, options, (read, whole) =>
    checkRun({
      ...read,
      limit: options.limit,
      inventories: inventoriesIn(process.cwd()),
      whole,
      // When a role could not be read, it may be the one that has the tag or task name.
      tags: whole ? (options.tags ?? []) : [],
      skipTags: whole ? (options.skipTags ?? []) : [],
      startAtTask: whole ? options.startAtTask : undefined,
    }),
  )
  if (options.become !== true && options.becomeUser === undefined)
    for (const warning of idleBecome(prepared.playbooks, prepared.inventory, prepared.extraVars))
      process.stderr.write(`warning: ${warning}\n`)
  if (options.listHosts === true || options.listTasks === true || options.listTags === true)
    return list(prepared, options)
  return await runPrepared(prepared, { ...options, lastRunFile: record })
}

/** Replaces `@FILE`, `@failed` and `@rest` in the limit by the hosts that they name. */
export function withLimit(options: RunOptions, record?: string): RunOptions {
  if (options.limit === undefined) return options
  const named = record === undefined ? {} : namedAfter(record)
  return { ...options, limit: readLimit(options.limit, { cwd: process.cwd(), named }) }
}

/** Runs checked playbooks and reports as the options ask. */
export async function runPrepared(prepared: Prepared, options: RunOptions, kind?: ReportKind): Promise<number> {
  const stop = new Stop()
  try {
    return await runWithReport(prepared, options, { stop, connection: await connectionOf(options, stop), kind })
  } finally {
    stop.leave()
  }
}

async function runWithReport(
  prepared: Prepared,
  options: RunOptions,
  by: { readonly stop: Stop; readonly connection: ConnectionOptions; readonly kind: ReportKind | undefined },
): Promise<number> {
  const { lastRunFile } = options
  const { stop, connection, kind } = by
  const { env, stdout } = process
  const look = terminalStyle(stdout, env)
  const outlet = new ReportOutput(stdout)
  const report = await chooseReport(kind ?? options.output ?? (look.live ? 'live' : 'plain'), {
    write: outlet.write,
    colour: look.colour,
    columns: stdout.columns || 100,
    rows: stdout.rows || 40,
    diff: options.diff === true || options.dryRun === true,
    verbosity: options.verbose,
    ...(stdout.isTTY === true ? { stream: stdout } : {}),
  })
  const questions = questionsFor(stop, {
    before: () => {
      report.pause?.()
      outlet.hold()
    },
    after: () => {
      outlet.release()
      report.resume?.()
    },
  })
  try {
    return await runPlaybooks({
      playbooks: prepared.playbooks,
      inventory: prepared.inventory,
      extraVars: prepared.extraVars,
      check: options.check === true || options.dryRun === true,
      tags: options.tags ?? [],
      skipTags: options.skipTags ?? [],
      forks: options.forks,
      limit: options.limit,
      become: options.become === true || options.becomeUser !== undefined ? true : undefined,
      becomeUser: options.becomeUser,
      remoteUser: options.user,
      privateKey: options.privateKey,
      startAtTask: options.startAtTask,
      step: options.step,
      detailedExitcode: options.detailedExitcode,
      verbosity: options.verbose,
      diff: options.diff === true || options.dryRun === true,
      connection,
      ask: (what, prompt) => questions(prompt, what === 'step'),
      quit: () => stop.raise('the answer q'),
      emit: reportErrorsOnce(event =>
        report.on(relativeTo(lastRunFile === undefined ? event : saveLastRun(event, lastRunFile))),
      ),
      signal: stop.signal,
      now: stop.now,
      environment: environment(),
    })
  } finally {
    await report.close()
  }
}

// A report that throws must not end the run. The run warns about it; if the report cannot show the warning either, stderr does.
const reportErrorsOnce = (emit: (event: Event) => void): ((event: Event) => void) => {
  let silent = false
  return event => {
    try {
      emit(event)
    } catch (error) {
      if (!silent) process.stderr.write(`the report cannot be written: ${(error as Error).message}\n`)
      silent = true
      throw error
    }
  }
}

// A path relative to the current directory is shorter, and terminals make it clickable.
const relativeTo = (event: Event): Event => {
  const here = `${process.cwd()}/`
  if ('at' in event && event.at?.file === 'command line') return { ...event, at: undefined } as Event
  return 'at' in event && event.at?.file.startsWith(here) === true
    ? { ...event, at: { ...event.at, file: event.at.file.slice(here.length) } }
    : event
}

/** Asks for passwords before any output appears; one password serves all hosts. */
async function connectionOf(options: RunOptions, stop: Stop): Promise<ConnectionOptions> {
  const { connection, timeout, hostKeyChecking, sshCommonArgs } = options
  const login =
    options.askPass === true
      ? await ask({ prompt: 'login password', shown: false, stop })
      : fileOf(options.connectionPasswordFile)
  const become =
    options.askBecomePass === true
      ? (await ask({
          prompt: `become password${login === undefined ? '' : ' (empty: the login password)'}`,
          shown: false,
          stop,
        })) || login
      : fileOf(options.becomePasswordFile)
  return {
    ...(connection === undefined ? {} : { kind: connection }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(hostKeyChecking === undefined ? {} : { hostKeyChecking }),
    ...(sshCommonArgs === undefined ? {} : { sshArgs: sshCommonArgs }),
    ...(login === undefined ? {} : { loginPassword: login }),
    ...(become === undefined ? {} : { becomePassword: become }),
  }
}

const fileOf = (path: string | undefined): string | undefined => {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new Fault('password', cannotRead(path, error as NodeJS.ErrnoException), {
      hint: 'it is a file that holds a password and nothing else',
    })
  }
}

function list({ playbooks, inventory }: Prepared, options: RunOptions): number {
  const lines: string[] = []
  const limited =
    options.limit === undefined ? undefined : new Set(selectHosts(options.limit, inventory).map(host => host.name))
  const hostsOf = (play: Play) =>
    selectHosts(patternOf(play), inventory).filter(host => limited === undefined || limited.has(host.name))
  for (const playbook of playbooks)
    for (const play of playbook.plays) {
      lines.push(`play ${play.name}`)
      if (options.listHosts === true) lines.push(...hostsOf(play).map(host => `  ${host.name}`))
      if (options.listTasks === true)
        lines.push(
          ...tasksOf(play)
            .filter(task => selected(task.inherited.tags, options.tags ?? [], options.skipTags ?? []))
            .map(
              task =>
                `  ${task.role === undefined ? '' : `${task.role.name} : `}${task.name}${task.inherited.tags.length > 0 ? `  [${task.inherited.tags.join(', ')}]` : ''}`,
            ),
        )
      if (options.listTags === true)
        lines.push(
          ...[...new Set(tasksOf(play).flatMap(task => task.inherited.tags))].toSorted().map(tag => `  ${tag}`),
        )
    }
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
