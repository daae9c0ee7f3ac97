import { contextOf } from '../context.ts'
import type { Context } from '../routine.ts'
import type { Scope, TemplateOptions } from '../scope.ts'

const MOST_TURNS = 1_000_000
const MOST_CHARACTERS = 16 * 1024 * 1024
const DEEPEST = 200

/** One rendering: its options and what is left of its budget. */
export class Rendering {
  readonly options: TemplateOptions
  readonly context: Context
  #turns = 0
  #characters = 0
  #depth = 0

  constructor(options: TemplateOptions) {
    this.options = options
    this.context = contextOf(options)
  }

  /** Counts turns of loops; false when there are too many. */
  turns(count: number): boolean {
    this.#turns += count
    return this.#turns <= MOST_TURNS
  }

  /** Counts a piece of text, and gives it back. Throws a `RangeError` when the whole is too long. */
  write(text: string): string {
    this.#characters += text.length
    if (this.#characters > MOST_CHARACTERS) throw new RangeError('the rendered text is too long')
    return text
  }

  /** Runs what may call itself: a macro, an include, a recursive loop. Throws what `tooDeep` makes. */
  deeper<T>(tooDeep: () => Error, action: () => T): T {
    if (++this.#depth > DEEPEST) throw tooDeep()
    const result = action()
    this.#depth--
    return result
  }
}

/** What `find` gives for a name that no part of a template has set. */
export const UNSET = Symbol('unset')

/** The names that a piece of a template has set, inside of those around it. */
export class Env {
  readonly scope: Scope
  readonly rendering: Rendering
  /** The names around these, of the same template. */
  readonly parent: Env | undefined
  /** The names of the template that includes this one. */
  readonly includer: Env | undefined
  #locals: Map<string, unknown> | undefined

  constructor(
    scope: Scope,
    rendering: Rendering,
    around: { readonly parent?: Env; readonly includer?: Env | undefined } = {},
  ) {
    this.scope = scope
    this.rendering = rendering
    this.parent = around.parent
    this.includer = around.includer
  }

  inner(): Env {
    return new Env(this.scope, this.rendering, { parent: this, includer: this.includer })
  }

  set(name: string, value: unknown): void {
    this.#locals ??= new Map()
    this.#locals.set(name, value)
  }

  /** Tells that the name was set here, not around here. */
  hasOwn(name: string): boolean {
    return this.#locals?.has(name) === true
  }

  /** The value of a name set here, around here or in an including template, or `UNSET`. */
  find(name: string): unknown {
    for (let at: Env | undefined = this; at !== undefined; at = at.parent) {
      const local = at.#locals?.get(name)
      if (local !== undefined || at.#locals?.has(name) === true) return local
    }
    return this.includer === undefined ? UNSET : this.includer.find(name)
  }
}
