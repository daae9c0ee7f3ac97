import { Fault } from '../model/fault.ts'

/** `max_fail_percentage` as a number; `undefined` when nothing is said. */
export function failPercentage(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const text = String(value).trim().replace(/%$/, '')
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new Fault('max_fail_percentage', `max_fail_percentage takes a number, not '${String(value)}'`, {
    hint: '30 allows up to 30 of 100 hosts of a batch to fail or be unreachable',
  })
}

/**
 * Whether more hosts of a batch failed than `max_fail_percentage` allows. An unreachable host counts as a failed one.
 * Exactly the percentage is still allowed.
 */
export const overBudget = (failed: number, hosts: number, percentage: number): boolean =>
  100 * failed > percentage * hosts
