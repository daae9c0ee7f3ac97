import type { YAMLException } from 'js-yaml'
import { Fault } from '../../model/fault.ts'
import type { At } from '../../text/position.ts'

// What a pattern that looks back and forth is shown of a line.
const LOOKED_AT = 300

interface Explained {
  readonly message: string
  readonly hint?: string
  readonly at?: At
}

/** The parser's complaint in words that say what to do: most come from a text that should have been quoted. */
export function yamlFault(error: YAMLException, file: string, source: string): Fault {
  const at = { file, line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 }
  const { message, hint, at: place } = explained(error.reason, at, source.split('\n'))
  return new Fault('yaml', message, { at: place ?? at, hint, cause: error })
}

function explained(reason: string, at: At, lines: readonly string[]): Explained {
  const told = tab(at, lines) ?? unquoted(reason, at, lines)
  if (told !== undefined) return told
  if (/duplicat/.test(reason)) {
    const key = /^["']?([^"':]+)/.exec((lines[at.line - 1] ?? '').slice(at.column - 1))?.[1]?.trim() ?? ''
    return {
      message: `the key '${key}' stands here twice`,
      hint: 'keep one of them: the other would be lost',
      at: { ...at, length: Math.max(1, key.length) },
    }
  }
  if (/\btag\b/.test(reason)) {
    const tag = /!<?([^\s>]*)/.exec(reason)?.[1]?.replace(/^!*/, '!') ?? '!'
    return {
      message: `the tag ${tag} is not known`,
      hint: tag.startsWith('!vault')
        ? "ansible-vault is not supported: keep the secret in a file of its own and read it with lookup('file', ...)"
        : 'only plain YAML is read; a text that starts with ! needs quotes',
      at: { ...at, length: tag.length },
    }
  }
  if (/maxDepth/.test(reason)) return { message: 'this is nested more than 100 levels deep' }
  if (/maxAliases/i.test(reason)) return { message: 'this file has more than 1000 aliases (*name)' }
  if (/null byte|non-printable/.test(reason))
    return { message: 'this is not a text file: it holds bytes that no text has', hint: 'is it the right file?' }
  if (/within a (single|double) quoted/.test(reason) || openQuote(at, lines) !== undefined) {
    const open = openQuote(at, lines)
    return { message: 'this quoted text has no end', hint: 'close the quote', at: open }
  }
  if (/complex keys/.test(reason))
    return { message: 'a map or list cannot be a key', hint: 'quote a text that starts with { or [' }
  if (/within a flow collection|deficient indentation|missed comma/.test(reason))
    return { message: `${reason}: a bracket or a comma is missing before this place` }
  if (/indentation|block mapping|implicit key|document separator/.test(reason))
    return {
      message: `${reason}: this line does not fit the ones above it`,
      hint: 'entries of one list or map start in the same column',
    }
  return { message: reason }
}

const tab = (at: At, lines: readonly string[]): Explained | undefined => {
  const found = /^ *(?=\t)/.exec(lines[at.line - 1] ?? '')
  return found === null
    ? undefined
    : {
        message: 'a tab cannot indent YAML',
        hint: 'indent with spaces',
        at: { ...at, column: found[0].length + 1, length: 1 },
      }
}

/** Texts that YAML reads as something else, at the line of the fault or the one it hangs on. */
const unquoted = (reason: string, at: At, lines: readonly string[]): Explained | undefined => {
  // The parser stops where it is lost, often a line after the reason.
  const everywhere = /complex keys/.test(reason)
  for (const line of everywhere ? lines.map((_, i) => i + 1) : [at.line, at.line - 1]) {
    const text = lines[line - 1] ?? ''
    const place = (column: number, length: number): At => ({ file: at.file, line, column: column + 1, length })
    const braces = bareBraces(text)
    if (braces !== undefined)
      return {
        message: 'a value that starts with {{ must be quoted',
        hint: `write "${/^\{\{.*?\}\}[^\s,}\]]*/.exec(text.slice(braces))?.[0] ?? '{{ ... }}'}"`,
        at: place(braces, 2),
      }
    const quotes = /"[^"]*\{\{[^"}]*(")[^"]*"[^"}]*\}\}/d.exec(text.slice(0, LOOKED_AT))
    if (quotes !== null)
      return {
        message: 'double quotes inside of double quotes end the text',
        hint: `use single quotes inside of {{ }}, as in "{{ x['y'] }}"`,
        at: place(quotes.indices?.[1]?.[0] ?? 0, 1),
      }
    if (everywhere || line !== at.line) continue
    const sign = /^\s*(?:- +)*[\w.-]+:[ \t]+(?=([%@`*&!]))/.exec(text) ?? /^\s*(?:- +)+(?=([%@`]))/.exec(text)
    if (sign !== null && !/duplicat|\btag\b/.test(reason))
      return {
        message: `a text that starts with ${sign[1]} must be quoted`,
        hint: `write "${text.slice(sign[0].length).trim()}"`,
        at: place(sign[0].length, 1),
      }
    const colon = /^\s*(?:- +)*[\w.-]+:[ \t]+[^\s"'{[|>#&*!][^"'#]*?(?=: )/.exec(text)
    if (colon !== null && /indentation of a mapping|implicit key|block mapping/.test(reason))
      return {
        message: "a text that holds ': ' must be quoted",
        hint: `write "${text.replace(/^\s*(?:- +)*[\w.-]+:[ \t]+/, '').trim()}"`,
        at: place(colon[0].length, 1),
      }
  }
  return undefined
}

/** Where a `{{` stands that begins a value outside of quotes. */
const bareBraces = (text: string): number | undefined => {
  const quote = text.search(/["']/)
  const end = quote < 0 ? text.length : quote
  for (let at = text.indexOf('{{'); at >= 0 && at < end; at = text.indexOf('{{', at + 2)) {
    let before = at
    while (before > 0 && /[ \t]/.test(text[before - 1] ?? '')) before--
    if (before === 0 || (before < at && /[:[{,-]/.test(text[before - 1] ?? ''))) return at
  }
  return undefined
}

/** The last quote before the fault that opens a text which its line does not close. */
const openQuote = (at: At, lines: readonly string[]): At | undefined => {
  for (let line = at.line; line > 0 && line > at.line - 50; line--) {
    const found = /[:\-[{,][ \t]+(["'])(?:(?!\1).)*$/d.exec((lines[line - 1] ?? '').replace(/\r$/, ''))
    const column = found?.indices?.[1]?.[0]
    if (column !== undefined) return { file: at.file, line, column: column + 1, length: 1 }
  }
  return undefined
}
