import { BecomeFailed, Unreachable } from '../../shell/shell.ts'
import { isExpected } from '../../values/quietly.ts'
import { TaskTypeError } from '../frame/type-code.ts'
import { expand } from '../resolve/expand.ts'
import type { HostTask, Item } from '../resolve/item.ts'
import { changeRecord } from './change-record.ts'
import { converge } from './converge.ts'
import type { HostPlay } from './host-play.ts'

/** What a task would do on this host, with its diff, as lines; none where that shows only when it runs. */
export async function preview(host: HostTask, work: HostPlay): Promise<readonly string[]> {
  if (host.keywords.secret || host.task.inherited.delegate_to !== undefined) return []
  try {
    const items = await work.facts.meet(() => expand(host))
    if (items === 'skipped') return ['it would be skipped']
    const lines: string[] = []
    for (const item of items) lines.push(...(await ofItem(item, work)))
    return lines
  } catch (error) {
    const expected = [Unreachable, BecomeFailed, TaskTypeError].some(kind => error instanceof kind) || isExpected(error)
    if (expected) return []
    throw error
  }
}

async function ofItem(item: Item, { context, probes, facts }: HostPlay): Promise<readonly string[]> {
  const { task, keywords } = item
  const label = item.label === undefined ? '' : `[${item.label}] `
  if ((await facts.meet(() => keywords.unmet)) !== undefined) return [`${label}it would be skipped`]
  const runAs = await facts.meet(() => keywords.runAs)
  await facts.meet(() => keywords.environment)
  const { changes } = await facts.waiting(() =>
    converge(item, {
      shell: () => context.openShell(runAs),
      probes,
      check: true,
      pending: [],
      expected: [],
      ahead: async () => [],
      settle: read => facts.settle(read),
      random: context.random,
      limits: { signal: context.hardSignal, begin: context.signal },
    }),
  )
  if (changes.length === 0) return [`${label}nothing to change`]
  const diff = typeof task.inherited.diff === 'boolean' ? task.inherited.diff : undefined
  return changes.flatMap(change => {
    const shown = changeRecord(change, { diff, secrets: context.secrets })
    return [`${label}${change.what}`, ...shown.diff.split('\n').filter(line => line !== '')]
  })
}
