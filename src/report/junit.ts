import type { Event, TaskEvent } from '../model/event.ts'
import { formatPosition } from '../text/position.ts'
import type { Report, ReportOptions } from './report.ts'
import { type Element, xmlEmpty, xmlLines, xmlTags } from './xml.ts'

/**
 * JUnit XML, written when the report is closed, so that an interrupted run leaves a valid file. The counts of a suite come
 * before its cases, so all cases must be known first; only their lines of XML are kept, not the events.
 */
export function junitReport(options: ReportOptions): Report {
  const suites = new Map<string, Suite>()
  const suiteOf = (host: string): Suite => {
    const known = suites.get(host)
    if (known !== undefined) return known
    const made: Suite = { cases: [], notes: [], counts: nothingCounted() }
    suites.set(host, made)
    return made
  }
  let ms: number | undefined
  return {
    on: event => {
      if (event.event === 'task') addCase(suiteOf(event.host), event, options.diff)
      else if (event.event === 'rollback' || event.event === 'notified' || event.event === 'cancelled')
        suiteOf(event.host).notes.push(...notesOf(event))
      else if (event.event === 'summary') {
        ms = event.ms
        for (const host of Object.keys(event.hosts)) suiteOf(host)
      }
    },
    close: async () => {
      const all = nothingCounted()
      for (const { counts } of suites.values()) addCounts(all, counts)
      const time = ms === undefined ? {} : { time: seconds(ms) }
      const attributes = { name: 'mlplay', ...shown(all), ...time }
      const [open, close] =
        suites.size === 0 ? [xmlEmpty('testsuites', attributes), ''] : xmlTags('testsuites', attributes)
      options.write(`<?xml version="1.0" encoding="UTF-8"?>\n${open}\n`)
      for (const [host, suite] of suites) options.write(suiteText(host, suite))
      if (close !== '') options.write(`${close}\n`)
    },
  }
}

interface Counts {
  tests: number
  failures: number
  errors: number
  skipped: number
  ms: number
}
interface Suite {
  /** The XML lines of each case. */
  readonly cases: string[]
  /** Events of the host that belong to no test case: rollbacks, pending handlers. */
  readonly notes: string[]
  readonly counts: Counts
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)
const nothingCounted = (): Counts => ({ tests: 0, failures: 0, errors: 0, skipped: 0, ms: 0 })
const shown = ({ ms, ...counts }: Counts) => ({ ...counts, time: seconds(ms) })

function addCounts(to: Counts, more: Counts): void {
  for (const key of ['tests', 'failures', 'errors', 'skipped', 'ms'] as const) to[key] += more[key]
}

function addCase({ cases, counts }: Suite, task: TaskEvent, diff: boolean): void {
  counts.tests++
  counts.ms += task.ms
  if (task.status === 'failed') counts.failures++
  else if (task.status === 'unreachable') counts.errors++
  else if (task.status === 'skipped' || task.status === 'unknown') counts.skipped++
  const lines = xmlLines(caseElement(task, diff))
  // The empty last element adds the final newline, and forces `join` to copy: a single-element join keeps the parts alive.
  cases.push([...lines.map(line => `    ${line}`), ''].join('\n'))
}

function suiteText(host: string, { cases, notes, counts }: Suite): string {
  const attributes = { name: host, ...shown(counts) }
  const last = textElement('system-out', notes)
    .flatMap(xmlLines)
    .map(line => `    ${line}\n`)
  if (cases.length + last.length === 0) return `  ${xmlEmpty('testsuite', attributes)}\n`
  const [open, close] = xmlTags('testsuite', attributes)
  return `  ${open}\n${cases.join('')}${last.join('')}  ${close}\n`
}

function caseElement(task: TaskEvent, diff: boolean): Element {
  const item = task.item === undefined ? '' : ` [${task.item}]`
  return {
    name: 'testcase',
    attributes: {
      name: `${task.task}${item}`,
      classname: `${task.play}.${task.type}`,
      time: seconds(task.ms),
      file: task.at?.file,
      line: task.at?.line,
    },
    children: [
      ...verdictOf(task),
      ...textElement('system-out', [
        ...task.changes.map(change => change.what),
        ...(diff ? [task.diff ?? ''] : []),
        // An ignored or rescued failure passes, but its message is kept.
        ...(task.status === 'failed' || task.status === 'unreachable' ? [] : [task.message ?? '']),
        task.stdout ?? '',
      ]),
      ...textElement('system-err', [task.stderr ?? '']),
    ],
  }
}

function verdictOf({ status, message = status, at, type }: TaskEvent): readonly Element[] {
  if (status === 'skipped') return [{ name: 'skipped' }]
  // JUnit has no status for an unknown result; `skipped` is closest, as it is not a pass.
  if (status === 'unknown') return [{ name: 'skipped', attributes: { message } }]
  if (status !== 'failed' && status !== 'unreachable') return []
  const text = at === undefined ? message : `${message}\nat ${formatPosition(at)}`
  return [{ name: status === 'failed' ? 'failure' : 'error', attributes: { message, type }, text }]
}

function textElement(name: string, parts: readonly string[]): readonly Element[] {
  const text = parts.filter(part => part !== '').join('\n')
  return text === '' ? [] : [{ name, text }]
}

function notesOf(event: Extract<Event, { readonly event: 'rollback' | 'notified' | 'cancelled' }>): readonly string[] {
  if (event.event === 'cancelled')
    return [`interrupted: ${event.task}${event.confirmed ? '' : ' (it may still run there)'}`]
  if (event.event === 'notified') return event.state === 'not_run' ? [`handler not run: ${event.handler}`] : []
  return [
    ...event.undone.map(what => `undone because of ${event.failed_task}: ${what}`),
    ...event.not_undone.map(what => `not undone: ${what}`),
  ]
}
