import { type ConfigLine, matchesAllHosts } from './config-lines.ts'
import { matchesList } from './patterns.ts'
import type { ResolvedConfig } from './settings.ts'

// Keywords whose first value wins, without expansion.
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

/** A host name that only `Host *` matches. */
export const NO_HOST = 'mlplay-anyone.invalid'

/**
 * True when one answer of `ssh -G` for `NO_HOST` serves all hosts, because the blocks of single hosts contain only keywords
 * that `overlay` can apply. Configs with a block for each of a thousand hosts are usually like that.
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

/** The keywords set by command-line options such as `-o Port=22`; undefined when there are other options. */
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
  /** Keywords set on the command line, which overrides the files. */
  readonly set: ReadonlySet<string>
}

/** The answer for `NO_HOST` with the values of the blocks that match this host. */
export function overlay(base: ResolvedConfig, lines: readonly ConfigLine[], { alias, set }: HostBlock): ResolvedConfig {
  const own = new Map<string, string[]>()
  let mine = true
  for (const { keyword, words } of lines) {
    if (keyword === 'host') mine = matchesList(words, alias)
    else if (mine && FIRST_VALUE_KEYWORDS.has(keyword) && !set.has(keyword)) {
      const known = own.get(keyword)
      // Only lists of files have several words; ssh itself rejects them elsewhere.
      const value = keyword.endsWith('knownhostsfile') ? words.join(' ') : (words[0] ?? '')
      if (known === undefined) own.set(keyword, [value])
      else if (keyword === 'identityfile') known.push(value)
    }
  }
  const hostname = own.get('hostname') ?? (set.has('hostname') ? base.get('hostname') : undefined) ?? [alias]
  return new Map([...base, ...own, ['host', [alias]], ['hostname', hostname]])
}
