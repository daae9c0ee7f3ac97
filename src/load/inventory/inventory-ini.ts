import { didYouMean } from '../../text/did-you-mean.ts'
import type { At } from '../../text/position.ts'
import { iniWords } from './ini-words.ts'
import type { Draft } from './inventory-draft.ts'
import { pythonLiteral } from './python-literal.ts'

type Kind = 'hosts' | 'children' | 'vars'
const kinds: readonly Kind[] = ['hosts', 'children', 'vars']

/** `[group:vars]` may stand above the group's own section: the variables are set when all sources are read. */
export interface LateVar {
  readonly group: string
  readonly name: string
  readonly value: ReturnType<typeof pythonLiteral>
  readonly at: At
  readonly section: At
}

interface Section {
  readonly group: string
  readonly kind: Kind
  readonly at: At
}

/** Reads an INI inventory into the draft. Gives the variables of groups that were not declared above them. */
export function readIni(
  text: string,
  file: string,
  draft: Draft,
): { readonly late: readonly LateVar[]; readonly sections: readonly Section[] } {
  const late: LateVar[] = []
  const varSections: Section[] = []
  let section: Section = { group: 'ungrouped', kind: 'hosts', at: { file, line: 1, column: 1 } }
  let skipping = false
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const indent = raw.length - raw.trimStart().length
    const place = (start: number, length: number): At => ({ file, line: index + 1, column: indent + start + 1, length })
    const at = place(0, line.length)
    if (line.startsWith('[') && (/^\[[^\]]*\]\s*(?:#.*)?$/.test(line) || !line.includes(']'))) {
      const next = sectionOf(line, at, draft)
      // What stands under a broken heading belongs nowhere: one fault is enough.
      skipping = next === undefined
      if (next === undefined) continue
      section = next
      if (section.kind === 'vars') varSections.push(section)
      else draft.group(section.group)
    } else if (skipping) continue
    else if (section.kind === 'hosts') hostLine(line, section, { draft, place })
    else if (section.kind === 'children') childLine(line, section, { draft, at })
    else {
      const { group, at: heading } = section
      const variable = varLine(line, { draft, at })
      if (variable !== undefined) late.push({ group, ...variable, at, section: heading })
    }
  }
  return { late, sections: varSections }
}

const sectionOf = (line: string, at: At, draft: Draft): Section | undefined => {
  const [, group, kind = 'hosts'] = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line) ?? []
  if (group === undefined) {
    draft.fault(
      `'${line}' is no heading of a section`,
      at,
      'write [group], [group:children] or [group:vars], without spaces',
    )
    return undefined
  }
  const known = kinds.find(one => one === kind)
  if (known === undefined)
    draft.fault(
      `a section cannot be of the kind '${kind}'${didYouMean(kind, kinds)}`,
      at,
      'there are [group], [group:children] and [group:vars]',
    )
  return known === undefined ? undefined : { group, kind: known, at }
}

const hostLine = (
  line: string,
  section: Section,
  { draft, place }: { readonly draft: Draft; readonly place: (start: number, length: number) => At },
): void => {
  const { words, openQuote } = iniWords(line)
  if (openQuote !== undefined) {
    draft.fault('this quote is never closed', place(openQuote, 1), 'close it, or write \\ before it')
    return
  }
  const [name, ...pairs] = words
  if (name === undefined) return
  const here = () => place(name.start, name.text.length)
  if (name.text.includes('=')) {
    draft.fault(
      `a host is expected here, not '${name.text}'`,
      here(),
      `variables of the group go under [${section.group}:vars]`,
    )
    return
  }
  if (/^-{3,}$/.test(name.text)) {
    draft.fault('this is YAML, not INI', here(), 'let the name of the file end with .yml')
    return
  }
  const hosts = draft.expand(name.text, draft.group(section.group), here)
  for (const { text, start } of pairs) {
    const equals = text.indexOf('=')
    if (equals <= 0) {
      draft.fault(
        `name=value is expected here, not '${text}'`,
        place(start, text.length),
        'one host in a line; a value with spaces needs quotes',
      )
      continue
    }
    const value = pythonLiteral(text.slice(equals + 1))
    for (const host of hosts) host.vars.set(text.slice(0, equals), value)
  }
}

const childLine = (line: string, section: Section, { draft, at }: { readonly draft: Draft; readonly at: At }): void => {
  const [, child] = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line) ?? []
  if (child === undefined)
    draft.fault(
      `the name of a group is expected here, not '${line}'`,
      at,
      `[${section.group}:children] holds one group in a line`,
    )
  else draft.link(section.group, child, () => ({ ...at, length: child.length }))
}

const varLine = (
  line: string,
  { draft, at }: { readonly draft: Draft; readonly at: At },
): Pick<LateVar, 'name' | 'value'> | undefined => {
  const equals = line.indexOf('=')
  if (equals > 0) return { name: line.slice(0, equals).trim(), value: pythonLiteral(line.slice(equals + 1).trim()) }
  draft.fault(`name=value is expected here, not '${line}'`, at)
  return undefined
}
