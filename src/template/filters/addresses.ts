import { didYouMean } from '../../text/did-you-mean.ts'
import { integer } from '../../text/exact-number.ts'
import { bits, containsIp, firstOf, type Ip, lastOf, parseIp, showIp, sizeOf } from '../../text/ip.ts'
import { anything, items, nullable, optional, shown, whole } from '../parameters.ts'
import { type Routine, type Routines, routine } from '../routine.ts'
import { isDict, show } from '../values.ts'
import { ipQueries, placeQuery } from './ip-queries.ts'

const ask = (value: unknown, query: string, version: 4 | 6 | null): unknown => {
  if (typeof value === 'boolean' || value === null || Array.isArray(value) || isDict(value)) return false
  const ip = parseIp(show(value))
  if (ip === undefined || (version !== null && ip.version !== version)) return false
  const known = Object.hasOwn(ipQueries, query) ? ipQueries[query] : undefined
  if (known !== undefined) return known(ip)
  const answer = placeQuery(ip, query)
  if (answer === undefined)
    throw new TypeError(`ipaddr has no query '${query}'${didYouMean(query, Object.keys(ipQueries))}`)
  return answer
}

/** Of a list, those that fit; of one value, the answer or false. */
const asking = (version: 4 | 6 | null): Routine =>
  routine({ value: anything, query: optional(anything, '') }, ({ value, query }) => {
    const wanted = show(query)
    if (!Array.isArray(value)) return ask(value, wanted, version)
    return items
      .read(value)
      .map(one => ask(one, wanted, version))
      .filter(one => one !== false)
  })

const must = (value: string): Ip => {
  const ip = parseIp(value)
  if (ip === undefined) throw new TypeError(`'${value}' is no address`)
  return ip
}
const cidr = (ip: Ip, value: bigint, prefix = ip.prefix): string => `${showIp(ip.version, value)}/${prefix}`

/** Networks put together where two are halves of one, and dropped where they lie in another. */
const merged = (all: readonly Ip[]): readonly Ip[] => {
  const left = all.map(ip => ({ ...ip, value: firstOf(ip) }))
  for (let again = true; again; ) {
    again = false
    left.sort((a, b) => a.version - b.version || (a.value < b.value ? -1 : a.value > b.value ? 1 : a.prefix - b.prefix))
    for (let i = 0; i + 1 < left.length; i++) {
      const [one, next] = [left[i] as Ip, left[i + 1] as Ip]
      const wider = { ...one, prefix: one.prefix - 1 }
      const halves =
        one.prefix === next.prefix && one.prefix > 0 && firstOf(wider) === one.value && containsIp(wider, next)
      if (!containsIp(one, next) && !(halves && one.version === next.version)) continue
      left.splice(i, 2, containsIp(one, next) ? one : wider)
      again = true
      break
    }
  }
  return left
}

/** Filters of addresses and networks, as the collection ansible.utils has them. */
export const addressFilters: Routines = {
  ipaddr: asking(null),
  ipv4: asking(4),
  ipv6: asking(6),
  ipwrap: routine({ value: anything }, ({ value }) => {
    const wrap = (one: unknown): unknown => {
      const made = ask(one, 'wrap', null)
      return made === false ? one : made
    }
    return Array.isArray(value) ? items.read(value).map(wrap) : wrap(value)
  }),
  ipmath: routine({ value: shown, amount: whole }, ({ value, amount }) => {
    const ip = must(value)
    const at = ip.value + BigInt(amount)
    if (at < 0n || at >= 1n << BigInt(bits(ip)))
      throw new RangeError(`there is no address ${amount} away from ${value}`)
    return showIp(ip.version, at)
  }),
  nthhost: routine({ value: shown, query: whole }, ({ value, query }) => {
    const ip = must(value)
    const at = query < 0 ? lastOf(ip) + 1n + BigInt(query) : firstOf(ip) + BigInt(query)
    return at >= firstOf(ip) && at <= lastOf(ip) && showIp(ip.version, at)
  }),
  ipsubnet: routine(
    { value: shown, query: optional(anything, ''), index: nullable(whole) },
    ({ value, query, index }) => {
      const ip = parseIp(value)
      if (ip === undefined) return false
      if (show(query) === '') return cidr(ip, firstOf(ip))
      const other = parseIp(show(query))
      if (other !== undefined && index === null && show(query).includes('/')) {
        if (!containsIp(other, ip)) throw new TypeError(`${value} is not in the subnet ${show(query)}`)
        return integer((firstOf(ip) - firstOf(other)) / sizeOf(ip) + 1n)
      }
      const prefix = Number(show(query))
      if (!Number.isInteger(prefix) || prefix < 0 || prefix > bits(ip))
        throw new TypeError(`'${show(query)}' is no prefix`)
      const alone = ip.prefix === bits(ip)
      const each = 1n << BigInt(bits(ip) - prefix)
      // An address alone is asked for the network around it, a network for those inside of it.
      if (alone && index === null) return cidr(ip, (ip.value / each) * each, prefix)
      if (prefix < ip.prefix && !alone) return false
      const count = alone ? 1n : sizeOf(ip) / each
      if (index === null) return integer(count)
      const at = BigInt(index) < 0n ? count + BigInt(index) : BigInt(index)
      return at >= 0n && at < count && cidr(ip, firstOf(ip) + at * each, prefix)
    },
  ),
  network_in_network: routine({ value: shown, test: shown }, ({ value, test }) => containsIp(must(value), must(test))),
  network_in_usable: routine({ value: shown, test: shown }, ({ value, test }) => {
    const [outer, inner] = [must(value), must(test)]
    const ends = outer.prefix < bits(outer) - 1 ? 1n : 0n
    return containsIp(outer, inner) && firstOf(inner) >= firstOf(outer) + ends && lastOf(inner) <= lastOf(outer) - ends
  }),
  cidr_merge: routine({ value: items }, ({ value }) =>
    merged(value.map(one => must(show(one)))).map(ip => cidr(ip, ip.value)),
  ),
  ip4_hex: routine({ arg: shown, delimiter: optional(shown, '') }, ({ arg, delimiter }) => {
    const ip = must(arg)
    if (ip.version !== 4) throw new TypeError(`'${arg}' is no IPv4 address`)
    const hex = ip.value.toString(16).padStart(8, '0')
    return (hex.match(/../g) ?? []).join(delimiter)
  }),
}
