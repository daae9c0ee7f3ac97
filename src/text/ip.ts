import ipaddr from 'ipaddr.js'

/** An IP address with its network prefix. */
export interface Ip {
  readonly version: 4 | 6
  readonly value: bigint
  readonly prefix: number
  /** The text contained a prefix. */
  readonly written: boolean
}

export const bits = (ip: { readonly version: 4 | 6 }): number => (ip.version === 4 ? 32 : 128)

const numberOf = (bytes: readonly number[]): bigint => bytes.reduce((all, byte) => all * 256n + BigInt(byte), 0n)

/** `192.0.2.7`, `192.0.2.7/24`, `192.0.2.7/255.255.255.0`, `2001:db8::1/64`; undefined for anything else. */
export function parseIp(text: string): Ip | undefined {
  const [host = '', size, ...more] = text.trim().split('/')
  if (more.length > 0) return undefined
  const four = ipaddr.IPv4.isValidFourPartDecimal(host) && !/(^|\.)0\d/.test(host)
  if (!four && (!ipaddr.IPv6.isValid(host) || host.includes('%'))) return undefined
  const address = four ? ipaddr.IPv4.parse(host) : ipaddr.IPv6.parse(host)
  const version = four ? 4 : 6
  const prefix = size === undefined ? bits({ version }) : prefixOf(size, version)
  if (prefix === undefined) return undefined
  return { version, value: numberOf(address.toByteArray()), prefix, written: size !== undefined }
}

const prefixOf = (size: string, version: 4 | 6): number | undefined => {
  if (/^\d{1,3}$/.test(size)) return Number(size) <= bits({ version }) ? Number(size) : undefined
  if (version !== 4 || !ipaddr.IPv4.isValidFourPartDecimal(size)) return undefined
  return ipaddr.IPv4.parse(size).prefixLengthFromSubnetMask() ?? undefined
}

/** The address without prefix, in canonical form. */
export function showIp(version: 4 | 6, value: bigint): string {
  const size = version === 4 ? 4 : 16
  const bytes = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 255n))
  return version === 4 ? bytes.join('.') : new ipaddr.IPv6(bytes).toRFC5952String()
}

export const maskOf = (ip: Ip): bigint => {
  const free = BigInt(bits(ip) - ip.prefix)
  return ((1n << BigInt(bits(ip))) - 1n) ^ ((1n << free) - 1n)
}
export const sizeOf = (ip: Ip): bigint => 1n << BigInt(bits(ip) - ip.prefix)
export const firstOf = (ip: Ip): bigint => ip.value & maskOf(ip)
export const lastOf = (ip: Ip): bigint => firstOf(ip) + sizeOf(ip) - 1n
/** True when `outer` contains all of `inner`. */
export const containsIp = (outer: Ip, inner: Ip): boolean =>
  outer.version === inner.version && firstOf(inner) >= firstOf(outer) && lastOf(inner) <= lastOf(outer)

/** The kind of address: `private`, `loopback`, `multicast`, `linkLocal`, `unicast` ... */
export const rangeOf = (ip: Ip): string => {
  const text = showIp(ip.version, ip.value)
  return ip.version === 4 ? ipaddr.IPv4.parse(text).range() : ipaddr.IPv6.parse(text).range()
}
