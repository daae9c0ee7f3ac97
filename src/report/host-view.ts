import type { Event } from '../model/event.ts'
import { visibleLine } from '../text/visible.ts'
import { elapsed } from './duration.ts'
import { deferredEnd, type LiveRow, type LiveView } from './live-view.ts'
import { pad, textWidth } from './text-width.ts'

interface Host {
  readonly name: string
  ok: number
  changed: number
  failed: number
  busy?: { readonly task: string; readonly since: number }
  readonly row: ReturnType<typeof deferredEnd>
}
interface HostViewOptions {
  readonly check: boolean
  readonly now: () => number
}

/** The live view of a few hosts, one row each. */
export class HostView implements LiveView {
  readonly rows: readonly LiveRow[]
  readonly #hosts: ReadonlyMap<string, Host>
  readonly #options: HostViewOptions

  constructor(hosts: readonly string[], options: HostViewOptions) {
    this.#options = options
    this.#hosts = new Map(
      hosts.map(name => [name, { name: visibleLine(name), ok: 0, changed: 0, failed: 0, row: deferredEnd() }]),
    )
    const all = [...this.#hosts.values()]
    const width = all.reduce((most, host) => Math.max(most, textWidth(host.name)), 0)
    this.rows = all.map(host => ({
      title: () => `${pad(host.name, width)}  ${this.#progress(host)}`,
      output: () => [],
      settled: host.row.ended,
    }))
  }

  on(event: Event): void {
    const host = 'host' in event ? this.#hosts.get(event.host) : undefined
    if (host === undefined) return
    if (event.event === 'start') host.busy = { task: event.task, since: this.#options.now() }
    if (event.event !== 'task') return
    host.busy = undefined
    if (event.status === 'ok' || event.status === 'changed') host[event.status]++
    if (event.status !== 'failed' && event.status !== 'unreachable') return
    host.failed++
    host.row.end(false)
  }

  end(): void {
    for (const host of this.#hosts.values()) host.row.end(true)
  }

  #progress({ ok, changed, failed, busy }: Host): string {
    const counts = `ok ${ok}  ${this.#options.check ? 'would change' : 'changed'} ${changed}`
    const failures = failed > 0 ? `  failed ${failed}` : ''
    const task = busy === undefined ? '' : `  ${visibleLine(busy.task)}${elapsed(this.#options.now() - busy.since)}`
    return `${counts}${failures}${task}`
  }
}
