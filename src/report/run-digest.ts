import type { Event, TaskEvent } from '../model/event.ts'
import { withoutHost } from './host-placeholder.ts'
import type { PlayTally } from './play-tally.ts'

/** Failures with the same cause; `event` is the first of them. */
export interface FailureGroup {
  readonly event: Pick<TaskEvent, 'task' | 'status' | 'message' | 'at' | 'stdout' | 'stderr'>
  readonly hosts: string[]
}
export interface SlowHost {
  readonly host: string
  readonly ms: number
}

// Bounds memory when every host fails with a different message.
const MAX_KINDS = 100
const MAX_MESSAGE = 2000
const SLOWEST = 3
// Only the end of the output is compared: that is where commands print the cause.
const COMPARED_LINES = 10
const FAILURES: ReadonlySet<string> = new Set(['failed', 'unreachable', 'ignored', 'rescued'])

/** What the recap needs: failures grouped by cause, and the slowest hosts. Its size depends on the number of groups, not of events. */
export class RunDigest {
  readonly #kinds = new Map<string, FailureGroup>()
  /** Hosts whose failures were not grouped, because there were too many groups. */
  readonly ungrouped: string[] = []
  #slowest: readonly SlowHost[] = []

  /** Number of failures in the event's group, this one included; 0 for an event that is no failure. */
  add(event: Event): number {
    if (event.event !== 'task' || !FAILURES.has(event.status)) return 0
    const key = failureKey(event)
    const known = this.#kinds.get(key)
    if (known !== undefined) return known.hosts.push(event.host)
    if (this.#kinds.size >= MAX_KINDS) return this.ungrouped.push(event.host)
    const { task, status, at } = event
    const text = (its: string | undefined) => its?.slice(-MAX_MESSAGE)
    const message = event.message?.slice(0, MAX_MESSAGE)
    const told = { task, status, message, at, stdout: text(event.stdout), stderr: text(event.stderr) }
    this.#kinds.set(key, { event: told, hosts: [event.host] })
    return 1
  }

  /** Cancelled tasks by name, with the hosts that did not confirm the end: the task may still run there. */
  readonly maybeRunning = new Map<string, string[]>()
  readonly #tries = new Set<string>()

  addCancelled({ task, host, confirmed }: Extract<Event, { readonly event: 'cancelled' }>): void {
    if (confirmed) return
    const hosts = this.maybeRunning.get(task) ?? []
    this.maybeRunning.set(task, hosts)
    hosts.push(host)
  }

  /** True when no other host has reported this attempt of the task. */
  isFirstRetry({ id, item, attempt }: Extract<Event, { readonly event: 'retry' }>): boolean {
    const key = JSON.stringify([id, item, attempt])
    if (this.#tries.has(key)) return false
    if (this.#tries.size < MAX_KINDS) this.#tries.add(key)
    return true
  }

  /** Adds the times of a finished play, to find the slowest hosts. */
  addPlay(play: PlayTally): void {
    const times = [...play.times()].map(([host, ms]) => ({ host, ms }))
    this.#slowest = [...this.#slowest, ...times].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST)
  }

  get failures(): readonly FailureGroup[] {
    return [...this.#kinds.values()]
  }

  get slowest(): readonly SlowHost[] {
    return this.#slowest
  }
}

// Failures are compared without host names, addresses and times: a refused connection has the same cause on each host.
const failureKey = ({ task, id, status, message = '', host, at, ...said }: TaskEvent): string => {
  const alike = (text: string) => withoutHost(text, host).replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '')
  const output = [said.stderr, said.stdout].map(text => alike(lastLines(text ?? '')).replace(TIMES, ''))
  // Hosts that are unreachable are grouped by reason, whichever task found out.
  return JSON.stringify(
    status === 'unreachable'
      ? [status, alike(message)]
      : [status, id, task, alike(message), at?.file, at?.line, ...output],
  )
}

const TIMES = /\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?|\b0x[0-9a-f]+\b|\[\d+\]|\bpid \d+/gi

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-COMPARED_LINES).join('\n')
