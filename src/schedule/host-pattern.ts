import { isIPv6 } from 'node:net'
import { Fault } from '../model/fault.ts'
import type { Host, Inventory } from '../model/inventory.ts'
import { didYouMean } from '../text/did-you-mean.ts'

const localhosts = ['localhost', '127.0.0.1', '::1']

/** The hosts a pattern stands for: `web*:&prod:!web3`, `db[0]`, `~web\d+`. Throws a `Fault` for a part that names nothing. */
export function selectHosts(pattern: string, inventory: Inventory): readonly Host[] {
  const parts = splitPattern(pattern)
  const starting = (sign: string) => parts.filter(part => part.startsWith(sign)).map(part => part.slice(1))
  const union = parts.filter(part => !/^[&!]/.test(part))
  // Only exclusions: from all hosts.
  if (union.length === 0 && parts.length > 0) union.push('all')
  let hosts = new Map<string, Host>()
  for (const part of union)
    for (const host of matching(part, inventory)) if (!hosts.has(host.name)) hosts.set(host.name, host)
  for (const part of starting('&')) {
    const kept = new Set(matching(part, inventory).map(host => host.name))
    hosts = new Map([...hosts].filter(([name]) => kept.has(name)))
  }
  for (const part of starting('!')) for (const host of matching(part, inventory)) hosts.delete(host.name)
  return [...hosts.values()]
}

/** Commas and colons part a pattern, save inside of brackets and in IPv6 addresses. */
function splitPattern(pattern: string): readonly string[] {
  return cut(pattern, ',').flatMap(part => (isIPv6(part.replace(/^[&!]/, '')) ? [part] : cut(part, ':')))
}

const cut = (text: string, separator: string): readonly string[] => {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? ''
    if ('[({'.includes(character)) depth++
    else if ('])}'.includes(character)) depth = Math.max(0, depth - 1)
    else if (character === separator && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...parts, text.slice(from)].map(part => part.trim()).filter(part => part !== '')
}

const matching = (part: string, inventory: Inventory): readonly Host[] => {
  const exact = inventory.hosts.get(part)
  if (exact !== undefined) return [exact]
  const { name, pick } = subscript(part)
  const hosts = named(name, inventory)
  if (pick === undefined) return hosts
  if (typeof pick !== 'number') return between(hosts, pick)
  const host = hosts.at(pick)
  if (host === undefined && hosts.length > 0)
    throw new Fault(
      'unknown-host',
      `'${part}' is not there: '${name}' has ${hosts.length} host${hosts.length === 1 ? '' : 's'}`,
      { hint: 'the first one is [0], the last one [-1]' },
    )
  return host === undefined ? [] : [host]
}

type Ends = readonly [first: number, last: number]

// `web[-3:]` is the last three. To Ansible it is a glob for web-, web3 and web: that finds a host by chance.
const subscript = (part: string): { readonly name: string; readonly pick?: number | Ends } => {
  if (part.startsWith('~')) return { name: part }
  const [, name, index, first, last] = /^(.+)\[(?:(-?\d+)|(-?\d+|)(?::|(?<=\d)-)(-?\d+|))\]$/.exec(part) ?? []
  if (name === undefined) return { name: part }
  if (index !== undefined) return { name, pick: Number(index) }
  return { name, pick: [Number(first), last === '' ? -1 : Number(last)] }
}

// Both ends count; a range that reaches beyond the hosts takes those that are there.
const between = (hosts: readonly Host[], [first, last]: Ends): readonly Host[] => {
  const place = (index: number) => (index < 0 ? hosts.length + index : index)
  return hosts.slice(Math.max(0, place(first)), Math.max(0, place(last) + 1))
}

const named = (name: string, inventory: Inventory): readonly Host[] => {
  const groups = inventory.groups.get(name)
  if (groups !== undefined) return groups.hosts.flatMap(host => inventory.hosts.get(host) ?? [])
  const address = name.replace(/^\[(.*)\]$/, '$1')
  const host = inventory.hosts.get(name) ?? (isIPv6(address) ? inventory.hosts.get(address) : undefined)
  if (host !== undefined) return [host]
  if (localhosts.includes(address)) return [{ name: address, groups: ['all'], vars: { ansible_connection: 'local' } }]
  const test = name.startsWith('~') ? regex(name) : /[*?[]/.test(name) ? glob(name) : undefined
  const found = test === undefined ? undefined : searched(test, inventory)
  if (found !== undefined) return found
  const names = [...inventory.groups.keys(), ...inventory.hosts.keys()]
  throw new Fault(
    'unknown-host',
    test === undefined
      ? `no host or group is called '${name}'${didYouMean(name, names)}`
      : `no host or group matches '${name}'`,
    { hint: 'mlplay inventory --graph shows them all' },
  )
}

// Groups come before hosts, each in the inventory's order. Nothing at all is not the same as empty groups.
const searched = (test: (name: string) => boolean, { groups, hosts }: Inventory): readonly Host[] | undefined => {
  const found = new Set<Host>()
  let any = false
  for (const group of groups.values()) {
    if (!test(group.name)) continue
    any = true
    for (const name of group.hosts) {
      const host = hosts.get(name)
      if (host !== undefined) found.add(host)
    }
  }
  for (const host of hosts.values()) if (test(host.name)) found.add(host)
  return any || found.size > 0 ? [...found] : undefined
}

const regex = (name: string): ((text: string) => boolean) => {
  const ignoreCase = name.startsWith('~(?i)')
  const source = name.slice(ignoreCase ? 5 : 1).replaceAll('(?P<', '(?<')
  // Python's match() looks at the beginning of a name only.
  return compiled(`^(?:${source})`, name, ignoreCase ? 'i' : '')
}

const compiled = (source: string, name: string, flags: string): ((text: string) => boolean) => {
  try {
    const expression = new RegExp(source, flags)
    return text => expression.test(text)
  } catch (error) {
    throw new Fault('unknown-host', `'${name}' is no pattern`, { hint: (error as Error).message, cause: error })
  }
}

/** Whether a text matches a shell's pattern as a whole. */
export const glob = (name: string): ((text: string) => boolean) => {
  // A run of stars means one star, and costs what one costs.
  const source = name.replace(
    /\*+|\?|\[(!?)(\][^\]]*|[^\]]+)\]|[\\^$.|+(){}[\]/-]/g,
    (all, not: string | undefined, set: string | undefined) => {
      if (all.startsWith('*')) return '.*'
      if (all === '?') return '.'
      return set === undefined ? `\\${all}` : `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`
    },
  )
  return compiled(`^${source}$`, name, 's')
}
