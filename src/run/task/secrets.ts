import { ExactNumber } from '../../text/exact-number.ts'
import type { Secrets } from '../../text/redact.ts'
import type { Item } from '../resolve/item.ts'

/** Tells the masks which values of an item are secret: the params that its type names. */
export function noteSecrets(item: Item, secrets: Secrets): void {
  for (const [name = '', ...rest] of item.type.secrets ?? [])
    if (Object.hasOwn(item.task.params, name)) walk(item.lazy[name], rest, secrets)
}

const walk = (value: unknown, path: readonly string[], secrets: Secrets): void => {
  const [step, ...rest] = path
  if (step === undefined) {
    if (typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber)
      secrets.add(String(value))
  } else if (step === '*') {
    if (Array.isArray(value)) for (const item of value) walk(item, rest, secrets)
  } else if (value !== null && typeof value === 'object') walk((value as Record<string, unknown>)[step], rest, secrets)
}
