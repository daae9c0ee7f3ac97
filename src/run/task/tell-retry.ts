import type { HostContext } from '../host-context.ts'
import type { Item } from '../resolve/item.ts'
import type { Outcome } from './outcome.ts'

/** Tells that a try was not enough and another follows in `delay` seconds. */
export function tellRetry(
  { task, label, keywords }: Item,
  { message }: Outcome,
  of: {
    readonly attempt: number
    readonly attempts: number
    readonly delay: number
    readonly context: HostContext
  },
): void {
  const { context, ...count } = of
  const { secret } = keywords
  context.emit({
    event: 'retry',
    play: context.play.name,
    host: context.memory.host.name,
    id: task.address,
    task: task.name,
    ...(label === undefined || secret ? {} : { item: label }),
    ...count,
    ...(message === undefined || secret ? {} : { message }),
  })
}
