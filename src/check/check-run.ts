import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import type { LoadedPlaybook, Play, Task } from '../model/playbook.ts'
import { sectionsOf, tasksIn } from '../model/steps.ts'
import { selectHosts } from '../schedule/host-pattern.ts'
import { hasTemplate } from '../template/template.ts'
import { codeFrame } from '../text/code-frame.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { checkConnections } from './check-connections.ts'
import { checkDelegates } from './check-delegates.ts'
import { checkSettings } from './check-settings.ts'
import { noInventory } from './no-inventory.ts'
import { startAt } from './start-at.ts'

export interface RunCheck {
  readonly playbooks: readonly LoadedPlaybook[]
  readonly inventory: Inventory
  readonly limit?: string
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask?: string
  /** Inventories that lie about, for those who gave none. */
  readonly inventories?: readonly string[]
  readonly extraVars?: Readonly<Record<string, unknown>>
  readonly extraTexts?: ReadonlyMap<string, string>
  /** All files were read: what is not there is missing. */
  readonly whole?: boolean
}

/** What a person asked for that cannot be: unknown hosts, tags, tasks. Known before the first host is touched. */
export function checkRun(asked: RunCheck): readonly Fault[] {
  const { playbooks, inventory } = asked
  const faults: Fault[] = []
  const trying = (action: () => void, fault: (error: Fault) => Fault) => {
    try {
      action()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      faults.push(fault(error))
    }
  }
  for (const playbook of playbooks)
    for (const play of playbook.plays) {
      if (hasTemplate(play.hosts)) continue
      const at = play.hostsAt
      const here = { at, frame: codeFrame(playbook.sources.get(at.file) ?? '', at) }
      if (inventory.source === '' && !findsHosts(patternOf(play), inventory)) {
        const { code, message, hint } = noInventory(patternOf(play), asked.inventories ?? [])
        faults.push(new Fault(code, message, { hint, ...here }))
        continue
      }
      trying(
        () => selectHosts(patternOf(play), inventory),
        error => new Fault(error.code, error.message, { hint: error.hint, ...here }),
      )
    }
  if (asked.limit !== undefined)
    trying(
      () => selectHosts(asked.limit ?? '', inventory),
      error => new Fault(error.code, `--limit: ${error.message}`, { hint: error.hint }),
    )
  faults.push(...checkConnections(inventory))
  for (const playbook of playbooks)
    for (const fault of checkDelegates(playbook, inventory))
      if (!faults.some(other => other.message === fault.message && other.at?.line === fault.at?.line))
        faults.push(fault)
  if (asked.whole !== false) faults.push(...checkSettings(asked))
  const tasks = playbooks.flatMap(playbook => playbook.plays.flatMap(tasksOf))
  const tags = new Set(tasks.flatMap(task => task.inherited.tags))
  for (const tag of [...asked.tags, ...asked.skipTags])
    if (!tags.has(tag) && !['all', 'tagged', 'untagged', 'always', 'never'].includes(tag))
      faults.push(
        new Fault('tag', `no task has the tag '${tag}'${didYouMean(tag, [...tags])}`, {
          hint: tags.size === 0 ? 'no task has any tag' : `the tags are: ${[...tags].toSorted().join(', ')}`,
        }),
      )
  const names = tasks.map(task => task.name)
  if (asked.startAtTask !== undefined && startAt(playbooks, asked.startAtTask) === undefined)
    faults.push(
      new Fault('start-at-task', `no task is called '${asked.startAtTask}'${didYouMean(asked.startAtTask, names)}`, {
        hint: "--list-tasks shows their names; '*' stands for any text, 'role : task' for a role's task",
      }),
    )
  return faults
}

// Without an inventory there is localhost, and nothing else.
const findsHosts = (pattern: string, inventory: Inventory): boolean => {
  try {
    return selectHosts(pattern, inventory).length > 0
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

export const patternOf = (play: Play): string => (Array.isArray(play.hosts) ? play.hosts.join(',') : String(play.hosts))

/** All tasks of a play in the order of its text, without handlers. */
export const tasksOf = (play: Play): readonly Task[] => tasksIn(sectionsOf(play))
