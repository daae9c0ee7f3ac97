import { type StringFinder, wordFinder } from './find-strings.ts'
import { secretForms } from './secret-forms.ts'

const MASK = '********'

// Patterns of secrets that need not be registered: passwords in URLs, password hashes, private keys.
const ADDRESS = /(\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#:@'"]{0,200}:)([^\s/?#@'"]{1,500})(?=@)/gi
const HASH = /(\$(?:1|2[abxy]|5|6|y|7|gy|apr1)\$)[./A-Za-z0-9,=$]{8,}|(\{SSHA\}|\{SHA\})[+/=A-Za-z0-9]{20,}/g
const KEY = /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]*?(?=-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g

/**
 * The secret values of a run, and the masking of them in texts.
 *
 * A value is found anywhere, in all encodings that `secretForms` lists. Overlapping secrets are masked as one. Values
 * shorter than 4 characters are ignored: masking `a` or `no` everywhere would spoil every report. Passwords in URLs,
 * password hashes and private keys are masked by pattern, without being registered.
 */
export class Secrets {
  readonly #known = new Set<string>()
  #pending: string[] = []
  // Each finder is less than half the size of the one before, so that adding a secret during a run is cheap.
  #finders: { readonly words: readonly string[]; readonly finder: StringFinder }[] = []

  add(value: string): void {
    for (const form of secretForms(value)) {
      if (this.#known.has(form)) continue
      this.#known.add(form)
      this.#pending.push(form)
    }
  }

  mask(text: string): string {
    return maskPatterns(this.#values(text))
  }

  /** True when the text contains a registered secret. */
  contains(text: string): boolean {
    return this.#spans(text).length > 0
  }

  #spans(text: string): [start: number, end: number][] {
    if (this.#pending.length > 0) this.#build()
    const spans: [start: number, end: number][] = []
    for (const { finder } of this.#finders) finder.find(text, (start, end) => spans.push([start, end]))
    return spans
  }

  #values(text: string): string {
    const spans = this.#spans(text)
    if (spans.length === 0) return text
    spans.sort((a, b) => a[0] - b[0])
    const parts: string[] = []
    let done = 0
    for (const [start, end] of spans) {
      if (end <= done) continue
      // Overlapping matches share one mask.
      if (start >= done) parts.push(text.slice(done, start), MASK)
      done = end
    }
    return parts.join('') + text.slice(done)
  }

  /** A copy of a JSON value in which every string and key is masked; a number that equals a secret becomes the mask. */
  maskDeep<T>(value: T): T {
    return this.#deep(value) as T
  }

  #deep(value: unknown): unknown {
    if (typeof value === 'string') return this.mask(value)
    if (typeof value === 'number') return this.#known.has(String(value)) ? MASK : value
    if (Array.isArray(value)) return value.map(item => this.#deep(item))
    if (!isRecord(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.mask(key), this.#deep(item)]))
  }

  #build(): void {
    let words = this.#pending
    this.#pending = []
    for (let last = this.#finders.at(-1); last && last.words.length <= 2 * words.length; last = this.#finders.at(-1)) {
      words = words.concat(last.words)
      this.#finders.pop()
    }
    this.#finders.push({ words, finder: wordFinder(words) })
  }
}

// Cheap checks first, as few texts contain any of these.
const maskPatterns = (text: string): string => {
  let told = text
  if (told.includes('@')) told = told.replace(ADDRESS, `$1${MASK}`)
  if (told.includes('$') || told.includes('{S')) told = told.replace(HASH, `$1$2${MASK}`)
  if (told.includes('PRIVATE KEY')) told = told.replace(KEY, `$1${MASK}`)
  return told
}

const isRecord = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
