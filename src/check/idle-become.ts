import { placesIn } from '../load/yaml/places.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Play, Playbook } from '../model/playbook.ts'
import { allTasks } from '../model/steps.ts'
import { formatPosition } from '../text/position.ts'

/** Places where `become_user` has no effect since nothing says `become`: the task runs as the login user. */
export function idleBecome(
  playbooks: readonly Playbook[],
  inventory: Inventory,
  extraVars: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const layers = new Set([...inventory.hosts.values()].flatMap(host => host.layers ?? [host.vars]))
  if ([...layers, extraVars].some(vars => Object.hasOwn(vars, 'ansible_become'))) return []
  const places = playbooks.flatMap(({ plays, sources }) => plays.flatMap(play => idleIn(play, placesIn(sources))))
  return [...new Set(places)].map(place => `${place} become_user has no effect without become: true`)
}

const idleIn = (play: Play, places: ReturnType<typeof placesIn>): readonly string[] => {
  const tasks = allTasks(play)
  const vars = [play.vars, ...play.vars_files.map(file => file.vars), ...tasks.map(task => task.inherited.vars)]
  if (play.become !== undefined || vars.some(given => Object.hasOwn(given, 'ansible_become'))) return []
  const idle = tasks.filter(({ inherited }) => inherited.become === undefined && inherited.become_user !== undefined)
  const whole = play.become_user !== undefined && tasks.every(({ inherited }) => inherited.become === undefined)
  return [
    ...(whole ? [formatPosition(places(play.source)(['become_user'], 'key'))] : []),
    ...idle.map(task => formatPosition(places(task.source)(['become_user'], 'key'))),
  ]
}
