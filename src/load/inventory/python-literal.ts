import type { Json } from '../../model/json.ts'
import { ExactNumber, float, integer } from '../../text/exact-number.ts'

const DEEPEST = 50
// A longer one stays the text that it is.
const MOST_DIGITS = 4300
const names = new Map<string, Json>([
  ['True', true],
  ['False', false],
  ['None', null],
])
const escapes = new Map(Object.entries({ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }))

/** A value of an INI inventory: what Python would read as a literal is that value, everything else is its own text. */
export function pythonLiteral(text: string): Json {
  // Most values are plain words; they need no parser.
  if (!/^[-+.\d'"[({TFN]/.test(text)) return text
  const found = new Literal(text).whole()
  return found === undefined ? text : found
}

// `undefined` stands for "no literal" on every level.
class Literal {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Json | undefined {
    const first = this.#value(0)
    if (first === undefined) return undefined
    // Python reads `80,443` as a tuple.
    const value = this.#peek() === ',' ? this.#rest(first) : first
    this.#space()
    return this.#at === this.#text.length || this.#text[this.#at] === '#' ? value : undefined
  }

  #rest(first: Json): Json | undefined {
    const items = [first]
    while (this.#take(',')) {
      const next = this.#peek()
      if (next === undefined || next === '#') break
      const item = this.#value(0)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  #value(depth: number): Json | undefined {
    if (depth > DEEPEST) return undefined
    const next = this.#peek()
    if (next === "'" || next === '"') return this.#string(next)
    if (next === '[') return this.#list(']', depth)
    if (next === '(') return this.#list(')', depth)
    if (next === '{') return this.#braces(depth)
    return this.#word()
  }

  #word(): Json | undefined {
    const word = this.#match(/[-+]?[\w.]+(?:(?<=\d\.?[eE])[-+]\d+)?/y)
    if (word === undefined) return undefined
    if (names.has(word)) return names.get(word)
    const digits = word.replace(/(?<=[\da-fA-FxXoObB])_(?=[\da-fA-F])/g, '')
    const sign = digits.startsWith('-') ? -1 : 1
    const bare = digits.replace(/^[-+]/, '')
    // `007` and `0644` are no numbers to Python either.
    const whole = /^(?:0+|[1-9]\d*|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(bare)
    if (!whole && !/^(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?$/.test(bare)) return undefined
    if (whole) return bare.length > MOST_DIGITS ? undefined : (integer(BigInt(bare) * BigInt(sign)) as unknown as Json)
    const number = sign * Number(bare)
    return Number.isFinite(number) ? (float(number) as unknown as Json) : undefined
  }

  #string(quote: string): Json | undefined {
    let value = ''
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const character = this.#text[i] ?? ''
      if (character === quote) {
        this.#at = i + 1
        return value
      }
      if (character !== '\\') {
        value += character
        continue
      }
      const next = this.#text[++i] ?? ''
      const code = /^(?:x([\da-f]{2})|u([\da-f]{4}))/i.exec(this.#text.slice(i, i + 5))
      if (code !== null) {
        value += String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? '', 16))
        i += code[0].length - 1
      } else value += escapes.get(next) ?? (/["'\\]/.test(next) ? next : `\\${next}`)
    }
    return undefined
  }

  #list(close: ']' | ')', depth: number): Json | undefined {
    this.#at++
    const items: Json[] = []
    let commas = 0
    while (!this.#take(close)) {
      const item = this.#value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
      if (this.#take(',')) commas++
      else if (this.#peek() !== close) return undefined
    }
    return close === ')' && items.length === 1 && commas === 0 ? items[0] : items
  }

  #braces(depth: number): Json | undefined {
    this.#at++
    const pairs: [string, Json][] = []
    const items: Json[] = []
    while (!this.#take('}')) {
      const key = this.#value(depth + 1)
      if (key === undefined) return undefined
      if (this.#take(':')) {
        const value = this.#value(depth + 1)
        if (value === undefined || (typeof key === 'object' && !(key instanceof ExactNumber))) return undefined
        pairs.push([String(key), value])
      } else items.push(key)
      if (!this.#take(',') && this.#peek() !== '}') return undefined
    }
    if (items.length === 0) return Object.fromEntries(pairs)
    return pairs.length === 0 ? items : undefined
  }

  #space(): void {
    this.#match(/\s*/y)
  }

  #peek(): string | undefined {
    this.#space()
    return this.#text[this.#at]
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}
