import { integer } from '../../text/exact-number.ts'
import { bits, containsIp, firstOf, type Ip, lastOf, maskOf, parseIp, rangeOf, showIp, sizeOf } from '../../text/ip.ts'

type Query = (ip: Ip) => unknown

const address = (ip: Ip, value = ip.value): string => showIp(ip.version, value)
const cidr = (ip: Ip, value = ip.value): string => `${address(ip, value)}/${ip.prefix}`
const original = (ip: Ip): string => (ip.written ? cidr(ip) : address(ip))
const alone = (ip: Ip): boolean => ip.prefix === bits(ip)
/** The address of a network itself is no host, nor is the last one of IPv4. */
const isHost = (ip: Ip): boolean =>
  alone(ip) || ip.prefix === bits(ip) - 1 || (ip.value !== firstOf(ip) && (ip.version === 6 || ip.value !== lastOf(ip)))
const isNetwork = (ip: Ip): boolean => ip.value === firstOf(ip) && !alone(ip)
const usable = (ip: Ip): readonly [bigint, bigint] =>
  alone(ip) || ip.prefix === bits(ip) - 1
    ? [firstOf(ip), lastOf(ip)]
    : [firstOf(ip) + 1n, lastOf(ip) - (ip.version === 4 ? 1n : 0n)]
const only =
  (holds: (ip: Ip) => boolean): Query =>
  ip =>
    holds(ip) && original(ip)

const PRIVATE = ['private', 'uniqueLocal', 'loopback', 'linkLocal']
const broadcast = (ip: Ip): string | false => ip.version === 4 && ip.prefix <= 30 && address(ip, lastOf(ip))
const mask = (ip: Ip): string => address(ip, maskOf(ip))
const network = (ip: Ip): string => address(ip, firstOf(ip))
const size: Query = ip => integer(sizeOf(ip))
const host: Query = ip => isHost(ip) && cidr(ip)
const net: Query = ip => isNetwork(ip) && cidr(ip)
const prefix: Query = ip => ip.prefix
const addressOnly: Query = ip => (isHost(ip) || !ip.written) && address(ip)

/** What `ipaddr` may be asked, by name. False is what it says to an address that does not fit. */
export const ipQueries: Readonly<Record<string, Query>> = {
  '': original,
  address: addressOnly,
  ip: addressOnly,
  'address/prefix': host,
  'ip/prefix': host,
  cidr,
  host,
  'host/prefix': host,
  gateway: host,
  gw: host,
  net,
  network,
  network_id: network,
  'network/prefix': ip => cidr(ip, firstOf(ip)),
  subnet: ip => cidr(ip, firstOf(ip)),
  network_netmask: ip => `${network(ip)} ${mask(ip)}`,
  ip_netmask: ip => isHost(ip) && `${address(ip)} ${mask(ip)}`,
  netmask: mask,
  hostmask: ip => address(ip, sizeOf(ip) - 1n),
  wildcard: ip => address(ip, sizeOf(ip) - 1n),
  prefix,
  broadcast,
  size,
  int: ip => (ip.written ? `${ip.value}/${ip.prefix}` : integer(ip.value)),
  bool: () => true,
  version: ip => ip.version,
  type: ip => (isNetwork(ip) ? 'network' : 'address'),
  first_usable: ip => address(ip, usable(ip)[0]),
  last_usable: ip => address(ip, usable(ip)[1]),
  range_usable: ip =>
    usable(ip)
      .map(value => address(ip, value))
      .join('-'),
  size_usable: ip => integer(usable(ip)[1] - usable(ip)[0] + 1n),
  next_usable: ip => ip.value < usable(ip)[1] && address(ip, ip.value + 1n),
  previous_usable: ip => ip.value > usable(ip)[0] && address(ip, ip.value - 1n),
  private: only(ip => PRIVATE.includes(rangeOf(ip))),
  public: only(ip => rangeOf(ip) === 'unicast'),
  unicast: only(ip => rangeOf(ip) !== 'multicast'),
  multicast: only(ip => rangeOf(ip) === 'multicast'),
  loopback: only(ip => rangeOf(ip) === 'loopback'),
  lo: only(ip => rangeOf(ip) === 'loopback'),
  link_local: only(ip => rangeOf(ip) === 'linkLocal'),
  ipv4: only(ip => ip.version === 4),
  ipv6: only(ip => ip.version === 6),
  v4: only(ip => ip.version === 4),
  v6: only(ip => ip.version === 6),
  revdns: ip =>
    ip.version === 4
      ? `${address(ip).split('.').reverse().join('.')}.in-addr.arpa.`
      : `${[...ip.value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa.`,
  wrap: ip => (ip.version === 6 ? `[${address(ip)}]${ip.written ? `/${ip.prefix}` : ''}` : original(ip)),
}

/** The address at a place of the network, or whether the address lies in another network; undefined for what is neither. */
export function placeQuery(ip: Ip, query: string): unknown {
  if (/^[+-]?\d+$/.test(query)) {
    const at = BigInt(query) < 0n ? lastOf(ip) + 1n + BigInt(query) : firstOf(ip) + BigInt(query)
    if (at < firstOf(ip) || at > lastOf(ip)) return false
    return cidr(ip, at)
  }
  const other = parseIp(query)
  return other === undefined ? undefined : containsIp(other, ip) && original(ip)
}
