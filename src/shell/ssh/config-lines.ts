import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { matchesPattern } from './patterns.ts'

/** A line of an ssh config: `Host a b*` is `{ keyword: 'host', words: ['a', 'b*'] }`. */
export interface ConfigLine {
  readonly keyword: string
  readonly words: readonly string[]
}

const DEEPEST = 16

/** Stands for a config that is not interpreted here: each host must ask `ssh -G`. */
export const UNSUPPORTED: ConfigLine = { keyword: 'match', words: ['nested'] }

/**
 * All lines of an ssh config file and of its includes, in order. This is not a second implementation of the config language:
 * it only decides when `ssh -G` need not be called, or its answer can be reused.
 */
export function configLines(path: string, home: string, depth = 0): readonly ConfigLine[] {
  const text = read(path)
  if (text === undefined || depth > DEEPEST) return []
  let block: ConfigLine = { keyword: 'host', words: ['*'] }
  return text.split('\n').flatMap(line => {
    const found = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line)
    if (found === null) return []
    const keyword = (found[1] ?? '').toLowerCase()
    const words = wordsOf(found[2] ?? '')
    if (keyword === 'host' || keyword === 'match') block = { keyword, words }
    if (keyword !== 'include') return [{ keyword, words }]
    const included = words
      .map(word => word.replace(/^~(?=\/)/, home))
      .map(word => (isAbsolute(word) ? word : join(path.startsWith('/etc/') ? '/etc/ssh' : join(home, '.ssh'), word)))
      .flatMap(filesLike)
      .flatMap(file => configLines(file, home, depth + 1))
    if (!included.some(one => one.keyword === 'host' || one.keyword === 'match')) return included
    // Lines after an include belong to the block before it.
    return matchesAllHosts(block) ? [...included, block] : [...included, UNSUPPORTED, block]
  })
}

/** `Host *` */
export const matchesAllHosts = ({ keyword, words }: ConfigLine): boolean =>
  keyword === 'host' && words.length > 0 && words.every(word => word === '*')

/**
 * Splits a line into words as OpenSSH does: quotes of either kind keep blanks, a backslash escapes a quote, a backslash or,
 * outside of quotes, a blank, and `#` at the start of a word begins a comment.
 */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? ''
    const next = text[i + 1] ?? ''
    const blank = sign === ' ' || sign === '\t'
    if (word === undefined) {
      if (blank) continue
      if (sign === '#') break
      word = ''
    }
    if (quote === '' && blank) {
      words.push(word)
      word = undefined
    } else if (sign === '\\' && (['"', "'", '\\'].includes(next) || (quote === '' && next === ' '))) {
      word += next
      i++
    } else if (quote === '' && (sign === '"' || sign === "'")) quote = sign
    else if (sign === quote) quote = ''
    else word += sign
  }
  return word === undefined ? words : [...words, word]
}

const filesLike = (pattern: string): readonly string[] => {
  if (!/[*?[]/.test(pattern)) return [pattern]
  try {
    return readdirSync(dirname(pattern))
      .filter(
        name => matchesPattern(basename(pattern), name) && (!name.startsWith('.') || basename(pattern).startsWith('.')),
      )
      .toSorted()
      .map(name => join(dirname(pattern), name))
  } catch {
    return []
  }
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
