import type { Coordinator } from '../../model/coordinator.ts'
import type { Host } from '../../model/inventory.ts'
import { batches } from '../../schedule/batches.ts'
import { overBudget } from '../../schedule/failure-budget.ts'
import { hostsByDescriptors } from '../../shell/descriptors.ts'
import { someNames } from '../../text/some-names.ts'
import type { InnerRequest } from '../state/request.ts'
import { Batch } from './batch.ts'
import type { PlayContext } from './play-context.ts'

export interface Rollout {
  readonly setting: PlayContext
  /** In the order in which they are taken. */
  readonly hosts: readonly Host[]
  readonly serial: unknown
  /** `max_fail_percentage`, when the play says so. */
  readonly percentage: number | undefined
  readonly request: InnerRequest
  /** How a host of a batch runs; made once a batch. */
  readonly runnerOf: (batch: RunningBatch) => (host: Host) => Promise<void>
  /** These hosts are through with their batch. */
  readonly release: (hosts: readonly Host[]) => Promise<void>
  readonly batchOver: () => Promise<void>
}

/** A batch as its hosts see it. */
export interface RunningBatch {
  readonly hosts: readonly Host[]
  readonly coordinator: Coordinator
  /** More hosts are in step with each other than can be connected at once: each closes its connections after a task. */
  readonly crowded: boolean
}

/** What a play's batches came to: which hosts had no turn, and why the run ends here, if it does. */
export interface RolloutResult {
  readonly untouched: readonly Host[]
  readonly stopped?: string
}

/** A play's batches, one after the other. The next one starts only when the last one is well. */
export async function rollOut(roll: Rollout): Promise<RolloutResult> {
  const { setting, hosts, request } = roll
  const { play } = setting
  const sizes = batches(hosts.length, roll.serial)
  let start = 0
  for (const [index, size] of sizes.entries()) {
    const members = hosts.slice(start, start + size)
    start += size
    request.record({
      record: 'play',
      play: { address: play.address, name: play.name },
      hosts: members.map(host => host.name),
      ...(sizes.length > 1 ? { batch: [index + 1, sizes.length] as const } : {}),
    })
    const batch = new Batch({
      hosts: members.map(host => host.name),
      linear: play.strategy === 'linear',
      forks: request.forks,
      percentage: roll.percentage,
      signal: request.signal,
    })
    const begun = await runBatch(members, batch, roll)
    const why = whyStop(batch, { size, last: start >= hosts.length, percentage: roll.percentage })
    const { aborted } = request.signal
    if (aborted || why !== undefined) {
      const untouched = [...members.slice(begun), ...hosts.slice(start)]
      return aborted ? { untouched } : { untouched, stopped: `${inBatch(index, sizes.length)}${why}` }
    }
    if (batch.ended === 'play') return { untouched: [] }
  }
  return { untouched: [] }
}

const inBatch = (index: number, count: number): string => (count > 1 ? `in batch ${index + 1} of ${count}, ` : '')

/** Why no more hosts may be touched after this batch. */
function whyStop(
  batch: Batch,
  of: { readonly size: number; readonly last: boolean; readonly percentage: number | undefined },
): string | undefined {
  if (batch.stopped !== undefined) return batch.stopped
  const { lost } = batch
  if (lost.length === 0) return undefined
  const told = `${lost.length} of ${of.size} hosts failed or were unreachable (${someNames(lost)})`
  // Where nobody is left, what comes next would build on nothing; unless the play allows the loss in so many words.
  if (of.percentage === undefined) return lost.length === of.size || !of.last ? told : undefined
  return overBudget(lost.length, of.size, of.percentage) ? told : undefined
}

/** All hosts of a batch, so many at once; gives how many of them had their turn. */
async function runBatch(members: readonly Host[], batch: Batch, roll: Rollout): Promise<number> {
  const linear = roll.setting.play.strategy === 'linear'
  const crowded = linear && members.length > hostsByDescriptors()
  const run = roll.runnerOf({ hosts: members, coordinator: batch, crowded })
  let begun = 0
  const turn = async (host: Host): Promise<void> => {
    if (batch.over) return batch.skip(host.name)
    begun++
    await run(host)
    if (!linear) await roll.release([host])
  }
  const workers = members.map(host => batch.turn(() => turn(host)))
  // Whatever throws here, no host is left at work behind the back of who closes the connections.
  const ends = await Promise.allSettled(workers)
  const broken = ends.find(end => end.status === 'rejected')
  if (broken !== undefined) throw broken.reason
  await roll.release(members)
  await roll.batchOver()
  return begun
}
