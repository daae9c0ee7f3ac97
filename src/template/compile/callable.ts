/** What a template may call. The marks say how its arguments are handed over. */
export interface Callable {
  (...args: readonly unknown[]): unknown
  /** Takes the named arguments as one more argument after the others. */
  readonly keywords?: boolean
  /** Takes undefined arguments, too: a macro looks at them when it reads them. */
  readonly lazy?: boolean
}

export const callable = (
  call: (...args: readonly unknown[]) => unknown,
  marks: { readonly keywords: true; readonly lazy?: true },
): Callable => Object.assign(call, marks)

export type Keywords = Readonly<Record<string, unknown>>

/** What a callable that takes keywords was called with. */
export const apart = (all: readonly unknown[]): { readonly args: readonly unknown[]; readonly keywords: Keywords } => ({
  args: all.slice(0, -1),
  keywords: all.at(-1) as Keywords,
})

export const isCallable = (value: unknown): value is Callable => typeof value === 'function'
