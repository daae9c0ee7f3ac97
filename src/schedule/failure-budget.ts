import { Fault } from '../model/fault.ts'

/** `max_fail_percentage` as a number; `undefined` when nothing is said. */
export function failPercentage(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const text = String(value).trim().replace(/%$/, '')
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new Fault('max_fail_percentage', `max_fail_percentage takes a number, not '${String(value)}'`, {
    hint: '30 allows up to 30 of 100 hosts of a batch to be lost',
  })
}

/**
 * Whether more hosts of a batch are lost than may be. Lost is lost: a host that could not be reached counts as one that
 * failed. Exactly the percentage is still within it.
 */
export const overBudget = (lost: number, hosts: number, percentage: number): boolean => 100 * lost > percentage * hosts
