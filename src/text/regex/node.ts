/** True for the code points of a character set. */
export type CharacterTest = (code: number) => boolean

/** A regular expression as a tree. Characters are code points; flags are already applied. */
export type Node =
  | {
      readonly type: 'one'
      readonly holds: CharacterTest /** When it is one code point exactly. */
      readonly code?: number
    }
  | { readonly type: 'sequence'; readonly parts: readonly Node[] }
  | { readonly type: 'choice'; readonly options: readonly Node[] }
  | { readonly type: 'group'; readonly index: number; readonly body: Node }
  | {
      readonly type: 'repeat'
      readonly body: Node
      readonly min: number
      readonly max: number
      readonly way: RepeatMode
    }
  | {
      readonly type: 'look'
      readonly negative: boolean /** Code points to step back; 0 looks ahead. */
      readonly back: number
      readonly body: Node
    }
  | { readonly type: 'atomic'; readonly body: Node }
  | { readonly type: 'again'; readonly group: number; readonly fold: boolean }
  | { readonly type: 'if'; readonly group: number; readonly yes: Node; readonly no: Node }
  | { readonly type: 'at'; readonly where: Anchor }

export type RepeatMode = 'greedy' | 'lazy' | 'possessive'
/** Tests a position between the code points `codes[at - 1]` and `codes[at]`. */
export type Anchor = (codes: ArrayLike<number>, at: number) => boolean

/** An invalid or unsupported pattern. `at` is the offset in the pattern, from 0. */
export class RegexError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}
