import { Fault } from '../model/fault.ts'
import type { FreeName, SourceKind } from '../template/template.ts'
import { codeFrame } from '../text/code-frame.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { insideScalar } from '../text/inside-scalar.ts'
import type { At } from '../text/position.ts'
import type { DefinedNames } from './defined-names.ts'

/** The text that reads a name, and where it stands. */
interface Read {
  readonly source: string
  readonly kind: SourceKind
  readonly at: At | undefined
}

interface Known {
  readonly defined: DefinedNames
  readonly sources: ReadonlyMap<string, string>
}

/** The fault of a name that nothing defines, at the place where it is read. */
export function undefinedName(free: FreeName, read: Read, { defined, sources }: Known): Fault {
  const place = placeOf(free, read, sources)
  const text = place === undefined ? undefined : sources.get(place.file)
  const { message, hint } = wordsFor(free, defined)
  return new Fault('undefined-variable', message, {
    at: place,
    hint,
    ...(place === undefined || text === undefined ? {} : { frame: codeFrame(text, place) }),
  })
}

const placeOf = (free: FreeName, { source, kind, at }: Read, sources: Known['sources']): At | undefined => {
  if (at === undefined) return undefined
  const wanted = { line: free.line, column: free.column, length: free.name.length }
  return kind === 'text'
    ? { file: at.file, ...wanted }
    : insideScalar(sources.get(at.file) ?? '', { at, value: source }, wanted)
}

const wordsFor = (
  { name, key }: FreeName,
  defined: DefinedNames,
): { readonly message: string; readonly hint: string } => {
  const fact = name === 'ansible_facts' ? key : /^ansible_(.+)$/.exec(name)?.[1]
  const what = name === 'ansible_facts' ? `there is no fact '${key}'` : `nothing defines the variable '${name}'`
  if (fact !== undefined) {
    if (!defined.gathered && defined.facts.includes(fact))
      return { message: what, hint: 'gather_facts: false forbids it: take it away, or run the task facts first' }
    const near = didYouMean(
      name === 'ansible_facts' ? fact : name,
      name === 'ansible_facts' ? defined.facts : defined.names,
    )
    return { message: `${what}${near}`, hint: `the facts are: ${defined.facts.toSorted().join(', ')}` }
  }
  const boolean = /^(yes|on)$/i.test(name) ? 'true' : /^(no|off)$/i.test(name) ? 'false' : undefined
  if (boolean !== undefined) return { message: what, hint: `write ${boolean} (YAML 1.2 reads ${name} as a text)` }
  return {
    message: `${what}${didYouMean(name, defined.names)}`,
    hint: `give it a value in the inventory, the play or the role's defaults, or with -e ${name}=...`,
  }
}
