import { type WordFinder, wordFinder } from './find-words.ts'
import { secretForms } from './secret-forms.ts'

const MASK = '********'

/**
 * Secret values, and the masking of them in any text.
 *
 * A value is found wherever it stands, in the forms that `secretForms` lists. Where secrets overlap, all of what they
 * cover is masked. Values shorter than 4 characters are ignored: masking `a` or `no` everywhere would hide nothing and
 * spoil every report.
 */
export class Secrets {
  readonly #known = new Set<string>()
  #pending: string[] = []
  // Sizes fall by more than half from one to the next, so that adding secrets while a run masks stays cheap.
  #finders: { readonly words: readonly string[]; readonly finder: WordFinder }[] = []

  add(value: string): void {
    for (const form of secretForms(value)) {
      if (this.#known.has(form)) continue
      this.#known.add(form)
      this.#pending.push(form)
    }
  }

  mask(text: string): string {
    if (this.#pending.length > 0) this.#build()
    const spans: [start: number, end: number][] = []
    for (const { finder } of this.#finders) finder.find(text, (start, end) => spans.push([start, end]))
    if (spans.length === 0) return text
    spans.sort((a, b) => a[0] - b[0])
    const parts: string[] = []
    let done = 0
    for (const [start, end] of spans) {
      if (end <= done) continue
      // Overlapping spans run into one mask.
      if (start >= done) parts.push(text.slice(done, start), MASK)
      done = end
    }
    return parts.join('') + text.slice(done)
  }

  /** A copy of a JSON-like value with every string masked, keys too; numbers that spell a secret become the mask. */
  maskDeep<T>(value: T): T {
    // Most runs know no secret, and a fleet has many events.
    return this.#known.size === 0 ? value : (this.#deep(value) as T)
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

const isRecord = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
