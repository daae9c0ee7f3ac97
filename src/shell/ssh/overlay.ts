import { type ConfigLine, matchesAllHosts } from './config-lines.ts'
import { matchesList } from './patterns.ts'
import type { ResolvedConfig } from './settings.ts'

// Keywords of which the first value counts, as it stands.
const FIRST_VALUE_KEYWORDS = new Set([
  'hostname',
  'user',
  'port',
  'identityfile',
  'identitiesonly',
  'proxyjump',
  'stricthostkeychecking',
  'userknownhostsfile',
  'globalknownhostsfile',
  'hostkeyalias',
  'connecttimeout',
  'serveraliveinterval',
  'serveralivecountmax',
  'loglevel',
])

/** Stands for all hosts of which no `Host` line but `Host *` speaks. */
export const NO_HOST = 'mlplay-anyone.invalid'

/**
 * Whether one answer of `ssh -G`, for no host in particular, serves all hosts: blocks for some of them only say where
 * and as whom to log in. A config with a block for each of a thousand hosts is the usual one.
 */
export function isPlainConfig(lines: readonly ConfigLine[]): boolean {
  let everyone = true
  for (const line of lines) {
    const { keyword, words } = line
    if (keyword === 'match' || (keyword === 'canonicalizehostname' && words[0] !== 'no')) return false
    if (keyword === 'host') {
      everyone = matchesAllHosts(line)
      if (!everyone && matchesList(words, NO_HOST)) return false
    } else if (words.some(word => word.includes('%')) || (!everyone && !FIRST_VALUE_KEYWORDS.has(keyword))) return false
  }
  return true
}

/** The keywords that options of the command line set, as `-o Port=22`; nothing when there are options of another kind. */
export function keywordsSet(args: readonly string[]): ReadonlySet<string> | undefined {
  const keywords = new Set<string>()
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const value = arg.slice(2) || args[++i]
    if (/^-F/.test(arg)) continue
    const keyword = /^\s*([A-Za-z0-9]+)\s*[= ]/.exec(value ?? '')?.[1]?.toLowerCase()
    if (!/^-o/.test(arg) || keyword === undefined || keyword === 'identityfile' || value?.includes('%') === true)
      return undefined
    keywords.add(keyword)
  }
  return keywords
}

export interface HostBlock {
  readonly alias: string
  /** Keywords that the command line has set: it counts more than any file. */
  readonly set: ReadonlySet<string>
}

/** The answer for no host in particular with what the blocks for this one say. */
export function overlay(base: ResolvedConfig, lines: readonly ConfigLine[], { alias, set }: HostBlock): ResolvedConfig {
  const own = new Map<string, string[]>()
  let mine = true
  for (const { keyword, words } of lines) {
    if (keyword === 'host') mine = matchesList(words, alias)
    else if (mine && FIRST_VALUE_KEYWORDS.has(keyword) && !set.has(keyword)) {
      const known = own.get(keyword)
      // Only lists of files have more than one word; what else there may be is refused by ssh itself, which was asked.
      const value = keyword.endsWith('knownhostsfile') ? words.join(' ') : (words[0] ?? '')
      if (known === undefined) own.set(keyword, [value])
      else if (keyword === 'identityfile') known.push(value)
    }
  }
  const hostname = own.get('hostname') ?? (set.has('hostname') ? base.get('hostname') : undefined) ?? [alias]
  return new Map([...base, ...own, ['host', [alias]], ['hostname', hostname]])
}
