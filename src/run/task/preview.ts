import type { Task } from '../../model/playbook.ts'
import { Interrupted } from '../../shell/interrupted.ts'
import { firstFalse } from '../../values/render.ts'
import type { AtWork } from '../at-work.ts'
import { wishOf } from '../session/run-as.ts'
import { act } from './act.ts'
import { environmentOf, type Item, itemsOf } from './item.ts'
import { shownChange } from './shown-change.ts'
import { sourceOf, typeOf } from './source-of.ts'
import { isSecret } from './tell-task.ts'

/** What a task would do on this host, with its diff, as lines; none where that shows only when it runs. */
export async function preview(task: Task, work: AtWork): Promise<readonly string[]> {
  const { context, facts } = work
  if (isSecret(task, context) || task.inherited.delegate_to !== undefined) return []
  try {
    const items = await facts.with(() => itemsOf(sourceOf(task, typeOf(task, context), context)))
    if (items === 'skipped') return ['it would be skipped']
    const lines: string[] = []
    for (const item of items) lines.push(...(await facts.with(() => ofItem(item, work))))
    return lines
  } catch (error) {
    if (error instanceof Interrupted) throw error
    return []
  }
}

async function ofItem(item: Item, { context, probes }: AtWork): Promise<readonly string[]> {
  const { task, scope, template } = item
  const label = item.label === undefined ? '' : `[${item.label}] `
  if (firstFalse(task.inherited.when, scope, template) !== undefined) return [`${label}it would be skipped`]
  const { changes } = await act(item, {
    shell: () => context.openShell(wishOf(task, scope, context)),
    probes,
    prefix: environmentOf(item),
    check: true,
    pending: [],
    expected: [],
    ahead: async () => [],
    random: context.random,
    limits: { signal: context.hardSignal, begin: context.signal },
  })
  if (changes.length === 0) return [`${label}nothing to change`]
  const diff = typeof task.inherited.diff === 'boolean' ? task.inherited.diff : undefined
  return changes.flatMap(change => {
    const shown = shownChange(change, { diff, secrets: context.secrets })
    return [`${label}${change.what}`, ...shown.diff.split('\n').filter(line => line !== '')]
  })
}
