import { Fault } from '../model/fault.ts'

/** Sizes of a play's batches: a number, a percentage of the hosts (floor, at least 1), or a list whose last entry repeats. */
export function batches(hosts: number, serial: unknown): readonly number[] {
  if (serial === undefined || serial === null) return [hosts]
  const wanted = Array.isArray(serial) ? serial : [serial]
  if (wanted.length === 0) return [hosts]
  const sizes: number[] = []
  let left = hosts
  for (let i = 0; left > 0; i++) {
    const size = Math.min(left, sizeOf(wanted[Math.min(i, wanted.length - 1)], hosts))
    sizes.push(size)
    left -= size
  }
  return sizes
}

const sizeOf = (entry: unknown, hosts: number): number => {
  const text = String(entry).trim()
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)
  if (percent !== null) return Math.max(1, Math.floor((hosts * Number(percent[1])) / 100))
  // As in Ansible, nothing and less than nothing is all that are left.
  if (/^-?\d+$/.test(text)) return Number(text) <= 0 ? hosts : Number(text)
  throw new Fault('serial', `serial takes a number, a percentage or a list of them, not '${text}'`)
}
