import type { TaskEvent } from '../../../src/model/event.ts'
import { type OraclePlayed, oracle } from '../../oracle/oracle.ts'
import { type Ran, run } from '../played.ts'
import type { Situation, Story } from './situation.ts'

const filesOf = ({ files }: Situation) => (typeof files === 'string' ? { 'p.yml': files } : files)
const inventoryOf = ({ hosts = 'a' }: Situation): string =>
  hosts
    .split(',')
    .map(host => `${host} ansible_connection=local\n`)
    .join('')

/** What real ansible-core makes of all the situations. */
export async function thereAll(situations: readonly Situation[]): Promise<readonly Story[]> {
  const played = await oracle.plays(
    situations.map(one => ({
      files: { ...filesOf(one), inv: inventoryOf(one) },
      inventory: 'inv',
      playbook: 'p.yml',
      args: ['-f', '5', ...(one.asked?.there ?? [])],
    })),
  )
  return played.map(storyThere)
}

const silent = ['include_role', 'include_tasks', 'meta', 'gather_facts', 'setup']

const storyThere = ({ exitCode, tasks }: OraclePlayed): Story => {
  const hosts: Record<string, string[]> = {}
  for (const { task, action, host, status, result } of tasks) {
    const [, type] = /(?:ansible\.builtin\.)?(.*)/.exec(action) ?? []
    if (silent.includes(type ?? '')) continue
    const name = task.replace(/^[\w-]+ : /, '')
    const said =
      type === 'debug' && status === 'ok' && !Array.isArray(result['results']) ? `: ${String(result['msg'])}` : ''
    push(hosts, host, `${status} ${name}${said}`)
  }
  return { well: exitCode === 0, hosts }
}

export async function here(situation: Situation): Promise<Story> {
  return storyHere(await run(filesOf(situation), { inventoryText: inventoryOf(situation), ...situation.asked?.here }))
}

const push = (hosts: Record<string, string[]>, host: string, line: string): void => {
  const lines = hosts[host] ?? []
  hosts[host] = lines
  lines.push(line)
}

const storyHere = ({ exit, events }: Ran): Story => {
  const hosts: Record<string, string[]> = {}
  let last: { readonly key: string; readonly statuses: Set<string> } | undefined
  for (const event of events) {
    if (event.event !== 'task') continue
    const key = `${event.host} ${event.id}`
    if (event.item !== undefined && last?.key === key) {
      last.statuses.add(wordOf(event))
      hosts[event.host]?.pop()
      push(hosts, event.host, `${overall(last.statuses)} ${event.task}`)
      continue
    }
    last = event.item === undefined ? undefined : { key, statuses: new Set([wordOf(event)]) }
    const said =
      event.type === 'debug' && event.status === 'ok' && event.item === undefined ? `: ${event.message ?? ''}` : ''
    push(hosts, event.host, `${wordOf(event)} ${event.task}${said}`)
  }
  return { well: exit === 0, hosts }
}

const wordOf = ({ status }: TaskEvent): string => (status === 'rescued' ? 'failed' : status)

const overall = (statuses: ReadonlySet<string>): string =>
  ['failed', 'ignored', 'changed', 'ok', 'skipped'].find(status => statuses.has(status)) ?? 'ok'
