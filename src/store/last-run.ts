import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { HostTotals, SummaryEvent } from '../model/event.ts'
import { Fault } from '../model/fault.ts'
import { rethrowBug } from '../text/rethrow-bug.ts'

/** The hosts that a run of some playbooks on some inventory left in a bad way, by how. */
export interface LastRun {
  readonly failed: readonly string[]
  readonly unreachable: readonly string[]
  /** Stopped on their way. */
  readonly stopped: readonly string[]
  /** They had no turn. */
  readonly untouched: readonly string[]
}

const kinds = ['failed', 'unreachable', 'stopped', 'untouched'] as const

/** Where it is kept: in `.mlplay` beside the first playbook, a file for each pair of playbooks and inventory. */
export function lastRunFile(playbooks: readonly string[], inventory: readonly string[]): string {
  const [first = ''] = playbooks
  const which = createHash('sha256')
    .update(JSON.stringify([playbooks, inventory]))
    .digest('hex')
  return join(
    dirname(first),
    '.mlplay',
    `last-run-${basename(first).replace(/\.ya?ml$/, '')}-${which.slice(0, 12)}.json`,
  )
}

/** What the last run left; `undefined` when none is known. */
export function readLastRun(file: string): LastRun | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Fault('last-run', `cannot read what the last run left: ${(error as Error).message}`)
  }
  const found = parsed(text)
  const names = (kind: (typeof kinds)[number]) => {
    const list = found[kind]
    return Array.isArray(list) ? list.filter(name => typeof name === 'string') : []
  }
  return {
    failed: names('failed'),
    unreachable: names('unreachable'),
    stopped: names('stopped'),
    untouched: names('untouched'),
  }
}

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>
  } catch (error) {
    rethrowBug(error)
    return {}
  }
}

/**
 * What a run leaves. Hosts that took no part in it, as a limit left them out, stay as the run before left them: a repair
 * of one host does not make the others well.
 */
export function afterRun(before: LastRun | undefined, { hosts, stopped = [], untouched = [] }: SummaryEvent): LastRun {
  const met = new Set([...Object.keys(hosts), ...untouched])
  const kept = (kind: (typeof kinds)[number]) => (before?.[kind] ?? []).filter(name => !met.has(name))
  const those = (is: (its: HostTotals) => boolean) =>
    Object.entries(hosts)
      .filter(([, its]) => is(its))
      .map(([name]) => name)
  return {
    failed: [...kept('failed'), ...those(its => its.failed > 0)],
    unreachable: [...kept('unreachable'), ...those(its => its.unreachable > 0 && its.failed === 0)],
    stopped: [...kept('stopped'), ...stopped],
    untouched: [...kept('untouched'), ...untouched],
  }
}

/** Names that stand for hosts of the last run in a limit: `@failed`, and `@rest` for all that are not done. */
export function namedAfter(file: string): Readonly<Record<'failed' | 'rest', () => readonly string[]>> {
  const last = (): LastRun => {
    const found = readLastRun(file)
    if (found !== undefined) return found
    throw new Fault('limit', 'no run of this playbook on this inventory is known', {
      hint: 'dry runs do not count; leave -l out to take all hosts of the play',
    })
  }
  const lost = ({ failed, unreachable }: LastRun) => [...failed, ...unreachable]
  return {
    failed: () => lost(last()),
    rest: () => {
      const { stopped, untouched, ...others } = last()
      return [...new Set([...lost({ ...others, stopped, untouched }), ...stopped, ...untouched])]
    },
  }
}

/** Written whole or not at all, so that a run that is killed leaves no half of it. */
export function writeLastRun(file: string, last: LastRun): void {
  mkdirSync(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(last, undefined, 1)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}
