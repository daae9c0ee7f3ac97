import { boundary, classOf, fold, ignoringCase } from './classes.ts'
import { escaped } from './escapes.ts'
import { type Anchor, type CharacterTest, type Node, RegexError, type RepeatMode } from './node.ts'
import { widthOf } from './width.ts'

export interface Flags {
  readonly i?: boolean
  readonly m?: boolean
  readonly s?: boolean
  readonly x?: boolean
  readonly a?: boolean
}
export interface Parsed {
  readonly tree: Node
  /** Number of capturing groups. */
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

const NEWLINE = 10
const start: Anchor = (_, at) => at === 0
const lineStart: Anchor = (codes, at) => at === 0 || codes[at - 1] === NEWLINE
const lineEnd: Anchor = (codes, at) => at === codes.length || codes[at] === NEWLINE
// `$` also matches before a newline at the end of the text.
const end: Anchor = (codes, at) => at === codes.length || (at === codes.length - 1 && codes[at] === NEWLINE)
const veryEnd: Anchor = (codes, at) => at === codes.length

/** Parses a regular expression in the syntax of Python's `re`. Throws a `RegexError`. */
export function parseRegex(text: string, given: Flags = {}): Parsed {
  return new Parser(text, given).whole()
}

class Parser {
  private at = 0
  private readonly text: string
  private flags: Flags
  private groups = 0
  private readonly names = new Map<string, number>()
  private readonly open = new Set<number>()
  private depth = 0

  constructor(text: string, flags: Flags) {
    this.text = text
    this.flags = flags
  }

  whole(): Parsed {
    for (let global = this.globalFlags(); global !== undefined; global = this.globalFlags())
      this.flags = { ...this.flags, ...global }
    const tree = this.choice()
    if (this.at < this.text.length) throw this.wrong('this ) closes nothing')
    return { tree, groups: this.groups, names: this.names }
  }

  private wrong(message: string, at = this.at): RegexError {
    return new RegexError(message, at)
  }

  private eat(what: string): boolean {
    if (!this.text.startsWith(what, this.at)) return false
    this.at += what.length
    return true
  }

  private globalFlags(): Flags | undefined {
    const found = /^\(\?([a-zA-Z]+)\)/.exec(this.text.slice(this.at))
    if (found === null) return undefined
    const flags = flagsOf(found[1] ?? '', this.at)
    this.at += found[0].length
    return flags
  }

  private choice(): Node {
    if (++this.depth > 500) throw this.wrong('the groups are nested too deeply')
    const options = [this.sequence()]
    while (this.eat('|')) options.push(this.sequence())
    this.depth--
    return options.length === 1 ? (options[0] as Node) : { type: 'choice', options }
  }

  private sequence(): Node {
    const parts: Node[] = []
    for (;;) {
      this.skipFiller()
      const char = this.text.charAt(this.at)
      if (char === '' || char === '|' || char === ')') break
      const before = this.at
      const part = this.atom()
      if (part === undefined) continue
      parts.push(this.repeated(part, before))
    }
    return parts.length === 1 ? (parts[0] as Node) : { type: 'sequence', parts }
  }

  private skipFiller(): void {
    if (this.flags.x !== true) return
    const filler = /^(?:[ \t\n\r\f\v]|#[^\n]*)+/.exec(this.text.slice(this.at))
    if (filler !== null) this.at += filler[0].length
  }

  private quantifier(): { readonly min: number; readonly max: number } | undefined {
    if (this.eat('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.eat('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.eat('?')) return { min: 0, max: 1 }
    const counted = /^\{(\d*)(,?)(\d*)\}/.exec(this.text.slice(this.at, this.at + 30))
    // Braces without numbers are literal.
    if (counted === null || counted[0] === '{}') return undefined
    const [all, least = '', comma, most = ''] = counted
    const min = least === '' ? 0 : Number(least)
    const max = comma === '' ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most)
    if (max < min) throw this.wrong('the least number of repeats is larger than the greatest')
    if (min > 1_000_000) throw this.wrong('that many repeats are not supported')
    this.at += all.length
    return { min, max }
  }

  private repeated(atom: Node, from: number): Node {
    this.skipFiller()
    const before = this.at
    const count = this.quantifier()
    if (count === undefined) return atom
    // An anchor may be repeated only inside a group.
    if (atom.type === 'at' && this.text.charAt(from) !== '(') throw this.wrong('there is nothing to repeat', before)
    const way: RepeatMode = this.eat('?') ? 'lazy' : this.eat('+') ? 'possessive' : 'greedy'
    this.skipFiller()
    const again = this.at
    if (this.quantifier() !== undefined) throw this.wrong('a repeat of a repeat', again)
    return { type: 'repeat', body: atom, ...count, way }
  }

  private atom(): Node | undefined {
    const from = this.at
    const char = this.text.charAt(this.at)
    switch (char) {
      case '(':
        return this.group()
      case '[':
        return this.set()
      case '\\':
        return this.escape()
      case '.':
        this.at++
        return { type: 'one', holds: this.flags.s === true ? () => true : code => code !== NEWLINE }
      case '^':
        this.at++
        return { type: 'at', where: this.flags.m === true ? lineStart : start }
      case '$':
        this.at++
        return { type: 'at', where: this.flags.m === true ? lineEnd : end }
      case '*':
      case '+':
      case '?':
        throw this.wrong('there is nothing to repeat')
      default: {
        if (char === '{' && this.quantifier() !== undefined) throw this.wrong('there is nothing to repeat', from)
        const code = this.text.codePointAt(this.at) as number
        this.at += code > 0xffff ? 2 : 1
        return this.letter(code)
      }
    }
  }

  private letter(code: number): Node {
    if (this.flags.i !== true) return { type: 'one', code, holds: other => other === code }
    const wanted = fold(code)
    return { type: 'one', holds: other => fold(other) === wanted }
  }

  private escape(): Node {
    const from = this.at
    const letter = this.text.charAt(this.at + 1)
    const ascii = this.flags.a === true
    const anchor: Readonly<Record<string, Anchor>> = {
      A: start,
      Z: veryEnd,
      b: boundary(ascii, false),
      B: boundary(ascii, true),
    }
    const where = anchor[letter]
    if (where !== undefined) {
      this.at += 2
      return { type: 'at', where }
    }
    const holds = classOf(letter, ascii)
    if (holds !== undefined) {
      this.at += 2
      return { type: 'one', holds }
    }
    const reference = /^[1-9]\d?/.exec(this.text.slice(from + 1, from + 3))
    if (reference !== null && !/^[0-7]{3}/.test(this.text.slice(from + 1, from + 4))) {
      this.at += 1 + reference[0].length
      return this.again(Number(reference[0]), from)
    }
    const { code, length } = escaped(this.text, from + 1)
    this.at += 1 + length
    return this.letter(code)
  }

  private again(group: number, from: number): Node {
    if (group > this.groups) throw this.wrong(`there is no group ${group} before this`, from)
    if (this.open.has(group)) throw this.wrong(`group ${group} is not closed yet`, from)
    return { type: 'again', group, fold: this.flags.i === true }
  }

  private groupNamed(name: string, from: number): number {
    if (/^[1-9]\d*$/.test(name)) return Number(name)
    const index = this.names.get(name)
    if (index === undefined) throw this.wrong(`there is no group '${name}' before this`, from)
    return index
  }

  private group(): Node | undefined {
    const from = this.at
    const rest = this.text.slice(this.at)
    if (this.eat('(?#')) {
      const close = this.text.indexOf(')', this.at)
      if (close < 0) throw this.wrong('this comment has no end', from)
      this.at = close + 1
      return undefined
    }
    const back = /^\(\?P=([^)]*)\)/.exec(rest)
    if (back !== null) {
      this.at += back[0].length
      return this.again(this.groupNamed(back[1] ?? '', from), from)
    }
    const condition = /^\(\?\(([^)]*)\)/.exec(rest)
    if (condition !== null) {
      const group = this.groupNamed(condition[1] ?? '', from)
      this.at += condition[0].length
      return this.closed(from, () => {
        const yes = this.sequence()
        const no: Node = this.eat('|') ? this.sequence() : { type: 'sequence', parts: [] }
        if (this.text.charAt(this.at) === '|') throw this.wrong('a condition has two branches')
        return { type: 'if', group, yes, no }
      })
    }
    const name = /^\(\?P<([^>)]*)>/.exec(rest)
    if (name !== null) {
      this.at += name[0].length
      const word = name[1] ?? ''
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(word)) throw this.wrong(`'${word}' is no name for a group`, from)
      if (this.names.has(word)) throw this.wrong(`there are two groups '${word}'`, from)
      this.names.set(word, this.groups + 1)
      return this.capture(from)
    }
    if (this.eat('(?:')) return this.closed(from, () => this.choice())
    if (this.eat('(?>')) return this.closed(from, () => ({ type: 'atomic', body: this.choice() }))
    const look = /^\(\?(<?)([=!])/.exec(rest)
    if (look !== null) {
      this.at += look[0].length
      return this.closed(from, () => {
        const body = this.choice()
        const back = look[1] === '' ? 0 : widthOf(body)
        if (back === undefined) throw this.wrong('what is looked for behind must have a fixed length', from)
        return { type: 'look', negative: look[2] === '!', back, body }
      })
    }
    const scoped = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/.exec(rest)
    if (scoped !== null) {
      this.at += scoped[0].length
      const off = Object.keys(flagsOf(scoped[2] ?? '', from)).map(flag => [flag, false])
      const outer = this.flags
      this.flags = { ...outer, ...flagsOf(scoped[1] ?? '', from), ...Object.fromEntries(off) }
      const body = this.closed(from, () => this.choice())
      this.flags = outer
      return body
    }
    if (/^\(\?[a-zA-Z]+\)/.test(rest)) throw this.wrong('flags for the whole stand at the very beginning', from)
    if (rest.startsWith('(?<')) throw this.wrong('a group is named by (?P<name>...)', from)
    if (rest.startsWith('(?')) throw this.wrong(`${rest.slice(0, 3)} is no kind of group`, from)
    this.at++
    return this.capture(from)
  }

  private capture(from: number): Node {
    const index = ++this.groups
    this.open.add(index)
    const body = this.closed(from, () => this.choice())
    this.open.delete(index)
    return { type: 'group', index, body }
  }

  private closed(from: number, inside: () => Node): Node {
    const node = inside()
    if (!this.eat(')')) throw this.wrong('this ( is not closed', from)
    return node
  }

  private set(): Node {
    const from = this.at++
    const negative = this.eat('^')
    const members: CharacterTest[] = []
    let first = true
    for (;;) {
      if (this.at >= this.text.length) throw this.wrong('this [ is not closed', from)
      if (!first && this.eat(']')) break
      first = false
      const low = this.member()
      const ranges = this.text.charAt(this.at) === '-' && this.text.charAt(this.at + 1) !== ']'
      if (!ranges || this.at + 1 >= this.text.length) {
        members.push(typeof low === 'number' ? code => code === low : low)
        continue
      }
      const at = this.at++
      const high = this.member()
      if (typeof low !== 'number' || typeof high !== 'number' || high < low)
        throw this.wrong('this range has no beginning and end', at)
      members.push(code => code >= low && code <= high)
    }
    const plain: CharacterTest =
      members.length === 1 ? (members[0] as CharacterTest) : code => members.some(holds => holds(code))
    const holds = this.flags.i === true ? ignoringCase(plain) : plain
    return { type: 'one', holds: cached(negative ? code => !holds(code) : holds) }
  }

  private member(): number | CharacterTest {
    const code = this.text.codePointAt(this.at) as number
    if (code !== 92) {
      this.at += code > 0xffff ? 2 : 1
      return code
    }
    const holds = classOf(this.text.charAt(this.at + 1), this.flags.a === true)
    if (holds !== undefined) {
      this.at += 2
      return holds
    }
    const read = escaped(this.text, this.at + 1)
    this.at += 1 + read.length
    return read.code
  }
}

/** Caches the answers for ASCII, the most frequent case. */
const cached = (holds: CharacterTest): CharacterTest => {
  const known = Array.from({ length: 128 }, (_, code) => holds(code))
  return code => (code < 128 ? (known[code] as boolean) : holds(code))
}

const flagsOf = (letters: string, at: number): Flags => {
  const wrong = /[^aimsux]/.exec(letters)
  if (wrong !== null) throw new RegexError(`there is no flag '${wrong[0]}'`, at)
  return Object.fromEntries([...letters].filter(letter => letter !== 'u').map(letter => [letter, true]))
}
