import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import type { Event, SummaryEvent, TaskEvent } from '../../src/model/event.ts'
import type { RunRequest } from '../../src/run/state/request.ts'
import { openReplay, type ReplayAnswer } from '../../src/shell/replay.ts'
import { runIn } from './run-in.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-run-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0

/** What came of a run. */
export interface Ran {
  readonly exit: number
  readonly folder: string
  readonly events: readonly Event[]
  /** `status name [item]` of each task. */
  readonly tasks: readonly string[]
  /** `host: status name` of each task. */
  readonly lines: readonly string[]
  readonly messages: readonly string[]
  readonly warnings: readonly string[]
  readonly summary: SummaryEvent
}

/** Runs a playbook on this machine's own shell, in a folder of its own; `@` in a file stands for that folder. */
export const run = async (
  files: string | Readonly<Record<string, string>>,
  more: Partial<RunRequest> & {
    readonly folder?: string
    readonly hosts?: string
    /** Text of the inventory, in the place of local hosts. */
    readonly inventoryText?: string
    /** The hosts are replayed: what they answer to a script. */
    readonly answers?: (host: string, script: string) => ReplayAnswer | Promise<ReplayAnswer>
  } = {},
): Promise<Ran> => {
  const folder = more.folder ?? join(root, String(count++))
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(typeof files === 'string' ? { 'p.yml': files } : files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text.replaceAll('@', folder))
  }
  const hosts = (more.hosts ?? 'localhost').split(',').map(host => `${host} ansible_connection=local\n`)
  writeFileSync(join(folder, 'inv'), more.inventoryText ?? hosts.join(''))
  const { answers } = more
  const { exit, events } = await runIn(folder, {
    ...(answers === undefined ? {} : { connect: host => openReplay(script => answers(host.name, script)) }),
    ...more,
  })
  const tasks = events.filter((event): event is TaskEvent => event.event === 'task')
  return {
    exit,
    folder,
    events,
    tasks: tasks.map(task => `${task.status} ${task.task}${task.item === undefined ? '' : ` [${task.item}]`}`),
    lines: tasks.map(task => `${task.host}: ${task.status} ${task.task}`),
    warnings: events.flatMap(event => (event.event === 'warning' ? [event.message] : [])),
    messages: tasks.flatMap(task => task.message ?? []),
    summary: events.at(-1) as SummaryEvent,
  }
}

/** A play for all hosts: its tasks, and its handlers. */
export const play = (tasks: string, handlers = '', keywords = '') =>
  `- hosts: all\n${keywords.replace(/^(?=.)/gm, '  ')}${keywords === '' ? '' : '\n'}  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}${handlers === '' ? '' : `  handlers:\n${handlers.replace(/^(?=.)/gm, '    ')}`}`
