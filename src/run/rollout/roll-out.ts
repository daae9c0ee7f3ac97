import type { Host } from '../../model/inventory.ts'
import { batches } from '../../schedule/batches.ts'
import { overBudget } from '../../schedule/failure-budget.ts'
import { hostsByDescriptors } from '../../shell/descriptors.ts'
import { someNames } from '../../text/some-names.ts'
import type { RunRequest } from '../state/request.ts'
import { Batch } from './batch.ts'
import type { Walker } from './host-progress.ts'
import type { Setting } from './play-context.ts'

export interface RollOut {
  readonly setting: Setting
  /** In the order in which they are taken. */
  readonly hosts: readonly Host[]
  readonly serial: unknown
  /** `max_fail_percentage`, when the play says so. */
  readonly percentage: number | undefined
  readonly request: RunRequest
  /** How a host of this batch runs; made once a batch. */
  readonly runnerOf: (batch: Batch) => (walker: Walker) => Promise<void>
  /** These hosts are through with their batch. */
  readonly release: (hosts: readonly Host[]) => Promise<void>
  readonly batchOver: () => Promise<void>
}

/** What a play's batches came to: which hosts had no turn, and why the run ends here, if it does. */
export interface RolledOut {
  readonly untouched: readonly Host[]
  readonly stopped?: string
}

/** A play's batches, one after the other. The next one starts only when the last one is well. */
export async function rollOut(roll: RollOut): Promise<RolledOut> {
  const { setting, hosts, request } = roll
  const { play } = setting
  const sizes = batches(hosts.length, roll.serial)
  let start = 0
  for (const [index, size] of sizes.entries()) {
    const members = hosts.slice(start, start + size)
    start += size
    request.emit({
      event: 'play',
      play: play.name,
      hosts: members.map(host => host.name),
      ...(sizes.length > 1 ? { batch: [index + 1, sizes.length] as const } : {}),
    })
    const batch = new Batch({
      hosts: members,
      linear: play.strategy === 'linear',
      places: setting.places,
      forks: request.forks,
      crowded: play.strategy === 'linear' && members.length > hostsByDescriptors(),
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
  if (batch.stopped !== undefined) return batch.stopped.why
  const lost = batch.hosts.map(host => host.name).filter(name => batch.lost.has(name))
  if (lost.length === 0) return undefined
  const told = `${lost.length} of ${of.size} hosts failed or were unreachable (${someNames(lost)})`
  // Where nobody is left, what comes next would build on nothing; unless the play allows the loss in so many words.
  if (of.percentage === undefined) return lost.length === of.size || !of.last ? told : undefined
  return overBudget(lost.length, of.size, of.percentage) ? told : undefined
}

/** All hosts of a batch, so many at once; gives how many of them had their turn. */
async function runBatch(members: readonly Host[], batch: Batch, roll: RollOut): Promise<number> {
  const run = roll.runnerOf(batch)
  let begun = 0
  const turn = async (walker: Walker): Promise<void> => {
    // Nobody may wait for a host that will not come.
    if (batch.over) return walker.leave()
    begun++
    await run(walker)
    if (!batch.linear) await roll.release([walker.host])
  }
  // In lockstep all are on their way, and take a slot for each task; else a slot is for a host's whole way.
  const workers = batch.walkers.map(walker => (batch.linear ? turn(walker) : batch.slots.use(() => turn(walker))))
  // Whatever throws here, no host is left at work behind the back of who closes the connections.
  const ends = await Promise.allSettled(workers)
  const broken = ends.find(end => end.status === 'rejected')
  if (broken !== undefined) throw broken.reason
  await roll.release(members)
  await roll.batchOver()
  return begun
}
