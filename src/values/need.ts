/** What has to come first before a value can be told. */
export type Need =
  /** The host's facts, which were not gathered yet. */
  | { readonly kind: 'facts'; readonly name: string }
  /** What another host is still to set. */
  | { readonly kind: 'host'; readonly name: string; readonly host: string }
  /** In a dry run: the result of a task, which only a real run gives. */
  | { readonly kind: 'result'; readonly name: string }

/** A value, or what is missing to tell it. */
export type Answer<T> =
  | { readonly value: T; readonly needs?: undefined }
  | { readonly value?: undefined; readonly needs: Need }

// A template reads its variables in the midst of an expression, which cannot go on without them: this ends it. Nobody
// outside of this file knows the class: who reads gets an `Answer`.
class Needed extends Error {
  override readonly name = 'Needed'
  readonly need: Need

  constructor(need: Need) {
    super(need.kind === 'result' ? `'${need.name}' is known only in a real run` : `'${need.name}' is not known yet`)
    this.need = need
  }
}

/** Ends the reading that is under way: it needs this first. */
export function lacking(need: Need): never {
  throw new Needed(need)
}

/** Reads a value. What it needs first is an answer as well; a mistake of the user's is thrown as ever. */
export function answer<T>(read: () => T): Answer<T> {
  try {
    return { value: read() }
  } catch (error) {
    const needs = needIn(error)
    if (needs === undefined) throw error
    return { needs }
  }
}

/** For code between a variable and who reads it that wraps errors: what this one says is needed, if it says so. */
export function needIn(error: unknown): Need | undefined {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof Needed) return one.need
  return undefined
}
