import { anything } from '../parameters.ts'
import { type Routine, type Routines, routine } from '../routine.ts'
import { truthy } from '../values.ts'

// What the filter of addresses lets through; `alone`: without a prefix.
const passes = (filter: 'ipaddr' | 'ipv4' | 'ipv6', alone: boolean): Routine =>
  routine(
    { ip: anything },
    ({ ip }, context) =>
      typeof ip === 'string' &&
      !(alone && ip.includes('/')) &&
      truthy(context.find('filter', filter)?.({ value: ip, args: [], keywords: {} })),
  )

/** Tests of addresses, as the collection ansible.utils has them. */
export const addressTests: Routines = {
  ip: passes('ipaddr', false),
  ip_address: passes('ipaddr', true),
  ipv4: passes('ipv4', false),
  ipv4_address: passes('ipv4', true),
  ipv6: passes('ipv6', false),
  ipv6_address: passes('ipv6', true),
}
