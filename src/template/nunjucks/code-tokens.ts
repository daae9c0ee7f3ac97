import lexer from 'nunjucks/src/lexer.js'
import { readString } from '../read-string.ts'

/** What ends a piece of code, and the signs that may stand before it. */
export interface CodeEnd {
  readonly close: string
  readonly signs: string
}

interface Reading {
  /** Nothing: the code goes to the end of the source. */
  readonly end: CodeEnd | undefined
  /** Texts keep their backslashes. */
  readonly literal: boolean
  readonly push: (type: string | undefined, value: string, offset: number) => void
  readonly fail: (message: string, offset: number) => never
}

// As Python writes numbers: 1_000, 0x1f, 1e3, 2.5e-7.
const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d+(?:_\d+)*(\.\d+(?:_\d+)*)?([eE][+-]?\d+(?:_\d+)*)?)(?![\w])/y
const INDEX = /\d+/y
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy
const BLANKS = /\s*/y
const TEXT = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|'([^'\\]*(?:\\[\s\S][^'\\]*)*)'/y

const operators: Readonly<Record<string, string | undefined>> = {
  '(': lexer.TOKEN_LEFT_PAREN,
  ')': lexer.TOKEN_RIGHT_PAREN,
  '[': lexer.TOKEN_LEFT_BRACKET,
  ']': lexer.TOKEN_RIGHT_BRACKET,
  '{': lexer.TOKEN_LEFT_CURLY,
  '}': lexer.TOKEN_RIGHT_CURLY,
  ',': lexer.TOKEN_COMMA,
  ':': lexer.TOKEN_COLON,
  '~': lexer.TOKEN_TILDE,
  '|': lexer.TOKEN_PIPE,
}
const pairs = ['**', '//', '==', '!=', '<=', '>=']
const opened: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
// What others write, and what is meant.
const foreign: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not', '&': 'and' }

/**
 * The tokens of a piece of code from an offset on. What ends it does so only outside of brackets: `}}` may close two maps.
 * `undefined` where the source ends before.
 */
export function readCode(
  source: string,
  from: number,
  { end, literal, push, fail }: Reading,
): { readonly from: number; readonly to: number; readonly sign: string } | undefined {
  const brackets: { readonly close: string; readonly offset: number }[] = []
  let at = from
  const matched = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  const closing = (): { readonly from: number; readonly to: number; readonly sign: string } | undefined => {
    if (end === undefined || brackets.length > 0) return undefined
    if (source.startsWith(end.close, at)) return { from: at, to: at + end.close.length, sign: '' }
    const sign = source[at] ?? ''
    return end.signs.includes(sign) && sign !== '' && source.startsWith(end.close, at + 1)
      ? { from: at, to: at + 1 + end.close.length, sign }
      : undefined
  }
  // Texts side by side are one: "a" "b".
  const text = (offset: number): void => {
    let value = ''
    for (let found = matched(TEXT); found !== null; found = matched(TEXT)) {
      const inside = found[1] ?? found[2] ?? ''
      value += literal ? inside : readString(inside)
      at += found[0].length
      const gap = matched(BLANKS)?.[0].length ?? 0
      if (!/["']/.test(source[at + gap] ?? '')) break
      at += gap
    }
    if (at === offset || /["']/.test(source[at] ?? '')) fail('this quoted text has no end', at)
    push(lexer.TOKEN_STRING, value, offset)
  }
  const number = (offset: number): boolean => {
    // After a dot it is an index: `list.0.name`.
    const found = matched(source[at - 1] === '.' ? INDEX : NUMBER)
    if (found === null) return false
    const digits = found[0].replaceAll('_', '')
    const whole = found[1] === undefined && found[2] === undefined
    push(
      whole ? lexer.TOKEN_INT : lexer.TOKEN_FLOAT,
      whole && /^0[xXoObB]/.test(digits) ? BigInt(digits).toString() : digits,
      offset,
    )
    at += found[0].length
    return true
  }
  const bracket = (char: string): void => {
    const close = opened[char]
    if (close !== undefined) brackets.push({ close, offset: at })
    else if (char === ')' || char === ']' || char === '}') {
      const open = brackets.pop()
      if (open === undefined) fail(`nothing is open that '${char}' could close`, at)
      else if (open.close !== char) fail(`'${open.close}' is expected here, not '${char}'`, at)
    }
  }
  for (;;) {
    at += matched(BLANKS)?.[0].length ?? 0
    const done = closing()
    if (done !== undefined) return done
    const char = source[at]
    if (char === undefined) {
      const open = brackets.at(-1)
      if (open !== undefined) fail(`this bracket is not closed: '${open.close}' is missing`, open.offset)
      return undefined
    }
    const offset = at
    if (char === '"' || char === "'") {
      text(offset)
      continue
    }
    if (/\d/.test(char) && number(offset)) continue
    const name = matched(NAME)?.[0]
    if (name !== undefined) {
      push(typeOfName(name), name, offset)
      at += name.length
      continue
    }
    const two = source.slice(at, at + 2)
    const sign = pairs.includes(two) ? two : char
    if (!pairs.includes(sign) && !/[-+/*%~[\](){}<>=.:|,]/.test(char)) {
      const meant = foreign[two] ?? foreign[char]
      fail(`'${char}' is not expected here${meant === undefined ? '' : `: write '${meant}'`}`, at)
    }
    bracket(sign)
    push(operators[sign] ?? lexer.TOKEN_OPERATOR, sign, offset)
    at += sign.length
  }
}

const typeOfName = (name: string): string | undefined =>
  name === 'true' || name === 'false'
    ? lexer.TOKEN_BOOLEAN
    : name === 'none' || name === 'null'
      ? lexer.TOKEN_NONE
      : lexer.TOKEN_SYMBOL
