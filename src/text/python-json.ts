/** How numbers are made from their text, so that large integers and floats keep their value. */
export interface NumberReaders {
  readonly whole: (text: string) => unknown
  readonly fraction: (text: string) => unknown
}

const DEEPEST = 500

/** Parses JSON as Python does, with `NaN` and `Infinity`. Every key becomes an own property, `__proto__` too. Throws a SyntaxError. */
export function parseJson(text: string, numbers: NumberReaders): unknown {
  let at = 0
  const wrong = (message: string): never => {
    const before = text.slice(0, at).split('\n')
    throw new SyntaxError(`${message} at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`)
  }
  const blank = (): void => {
    while (/[ \t\n\r]/.test(text.charAt(at)) && at < text.length) at++
  }
  const eat = (what: string): boolean => {
    if (!text.startsWith(what, at)) return false
    at += what.length
    return true
  }
  const string = (): string => {
    STRING.lastIndex = at
    const found = STRING.exec(text)
    if (found === null) return wrong('a text in double quotes is expected')
    at += found[0].length
    return JSON.parse(found[0]) as string
  }
  const value = (depth: number): unknown => {
    if (depth > DEEPEST) return wrong(`the value is nested more than ${DEEPEST} levels deep`)
    blank()
    if (eat('{')) return dict(depth)
    if (eat('[')) return list(depth)
    if (text.charAt(at) === '"') return string()
    for (const [word, meaning] of WORDS)
      if (eat(word)) return typeof meaning === 'number' ? numbers.fraction(word) : meaning
    NUMBER.lastIndex = at
    const number = NUMBER.exec(text)
    if (number === null) return wrong(at >= text.length ? 'the text ends too early' : 'a value is expected')
    at += number[0].length
    return number[1] === undefined && number[2] === undefined ? numbers.whole(number[0]) : numbers.fraction(number[0])
  }
  const list = (depth: number): unknown[] => {
    const items: unknown[] = []
    blank()
    if (eat(']')) return items
    for (;;) {
      items.push(value(depth + 1))
      blank()
      if (eat(']')) return items
      if (!eat(',')) wrong("',' or ']' is expected")
    }
  }
  const dict = (depth: number): Record<string, unknown> => {
    const made: Record<string, unknown> = {}
    blank()
    if (eat('}')) return made
    for (;;) {
      blank()
      const key = string()
      blank()
      if (!eat(':')) wrong("':' is expected")
      Object.defineProperty(made, key, {
        value: value(depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      })
      blank()
      if (eat('}')) return made
      if (!eat(',')) wrong("',' or '}' is expected")
    }
  }
  const whole = value(0)
  blank()
  if (at < text.length) wrong('something follows the value')
  return whole
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const WORDS: readonly (readonly [string, unknown])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]
