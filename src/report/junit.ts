import type { Event, TaskEvent } from '../model/event.ts'
import { showAt } from '../text/position.ts'
import type { Report, ReportOptions } from './report.ts'
import { type Element, xmlLines } from './xml.ts'

/** JUnit XML, written when the report is closed: so an interrupted run leaves a whole file too. */
export function junitReport(options: ReportOptions): Report {
  const suites = new Map<string, Suite>()
  const suiteOf = (host: string): Suite => {
    const suite = suites.get(host) ?? { tasks: [], notes: [] }
    suites.set(host, suite)
    return suite
  }
  let ms: number | undefined
  return {
    on: event => {
      if (event.event === 'task') suiteOf(event.host).tasks.push(event)
      else if (event.event === 'rollback' || event.event === 'notified')
        suiteOf(event.host).notes.push(...notesOf(event))
      else if (event.event === 'summary') {
        ms = event.ms
        for (const host of Object.keys(event.hosts)) suiteOf(host)
      }
    },
    close: async () => {
      const all = [...suites].map(([host, suite]) => suiteElement(host, suite, options.diff))
      const tasks = [...suites.values()].flatMap(suite => suite.tasks)
      const attributes = { name: 'mlplay', ...countsOf(tasks), ...(ms === undefined ? {} : { time: seconds(ms) }) }
      const root = { name: 'testsuites', attributes, children: all }
      options.write(`${['<?xml version="1.0" encoding="UTF-8"?>', ...xmlLines(root)].join('\n')}\n`)
    },
  }
}

interface Suite {
  readonly tasks: TaskEvent[]
  /** What happened to the host but is no task's outcome. */
  readonly notes: string[]
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

function countsOf(tasks: readonly TaskEvent[]) {
  const count = (status: TaskEvent['status']) => tasks.filter(task => task.status === status).length
  return {
    tests: tasks.length,
    failures: count('failed'),
    errors: count('unreachable'),
    skipped: count('skipped'),
    time: seconds(tasks.reduce((all, task) => all + task.ms, 0)),
  }
}

function suiteElement(host: string, { tasks, notes }: Suite, diff: boolean): Element {
  return {
    name: 'testsuite',
    attributes: { name: host, ...countsOf(tasks) },
    children: [...tasks.map(task => caseElement(task, diff)), ...textElement('system-out', notes)],
  }
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
        // A forgiven failure passes, but its cause is kept.
        ...(task.status === 'failed' || task.status === 'unreachable' ? [] : [task.message ?? '']),
        task.stdout ?? '',
      ]),
      ...textElement('system-err', [task.stderr ?? '']),
    ],
  }
}

function verdictOf({ status, message = status, at, type }: TaskEvent): readonly Element[] {
  if (status === 'skipped') return [{ name: 'skipped' }]
  if (status !== 'failed' && status !== 'unreachable') return []
  const text = at === undefined ? message : `${message}\nat ${showAt(at)}`
  return [{ name: status === 'failed' ? 'failure' : 'error', attributes: { message, type }, text }]
}

function textElement(name: string, parts: readonly string[]): readonly Element[] {
  const text = parts.filter(part => part !== '').join('\n')
  return text === '' ? [] : [{ name, text }]
}

function notesOf(event: Extract<Event, { readonly event: 'rollback' | 'notified' }>): readonly string[] {
  if (event.event === 'notified') return event.state === 'owed' ? [`handler owed: ${event.handler}`] : []
  return [
    ...event.undone.map(what => `put back because of ${event.because}: ${what}`),
    ...event.kept.map(what => `could not be put back: ${what}`),
  ]
}
