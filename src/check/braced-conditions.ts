import type { Conditional, Playbook } from '../model/playbook.ts'
import { allTasks, conditionsOf } from '../model/steps.ts'
import type { At } from '../text/position.ts'

/** Where conditions stand in `{{ }}`: they are taken without them, as Ansible takes them, and its users are told so. */
export function bracedConditions({ plays }: Playbook): readonly At[] {
  const found = new Map<string, At>()
  for (const play of plays)
    for (const task of allTasks(play))
      for (const list of conditionsOf(task))
        for (const { expression, at } of list)
          if (isBraced({ expression })) found.set(`${at.file}:${at.line}:${at.column}`, at)
  return [...found.values()]
}

const isBraced = ({ expression }: Pick<Conditional, 'expression'>): boolean =>
  typeof expression === 'string' && /^\s*\{\{/.test(expression)
