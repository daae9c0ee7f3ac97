import { didYouMean } from '../text/did-you-mean.ts'
import { TemplateError } from './error.ts'
import { type SourceKind, treeOf } from './parsed.ts'
import { walk } from './tree.ts'

/** What `lookup('...')` can be asked for. */
export const lookupNames = ['env', 'file', 'password', 'pipe'] as const
export type LookupName = (typeof lookupNames)[number]

/** The lookup that a name means: with or without the name of its collection. */
export const lookupNamed = (name: string): LookupName | undefined => {
  const plain = name.replace(/^ansible\.(builtin|legacy)\./, '')
  return lookupNames.find(one => one === plain)
}

// What those who know Ansible's ask for, and what to write instead.
const instead: Readonly<Record<string, string>> = {
  community: 'lookups of collections are not there',
  config: 'there are no settings of Ansible here',
  csvfile: "read the file with lookup('file', ...) and split its lines",
  dict: "write '{{ the_dict | dict2items }}'",
  fileglob: 'write the list of files',
  first_found: 'write a list of files in vars_files: the first that exists is taken; or a when: for each',
  indexed_items: 'write loop_control: { index_var: ... }',
  ini: "read the file with lookup('file', ...) and regex_search",
  inventory_hostnames: "write groups['NAME']",
  items: 'write the list itself',
  lines: "write lookup('pipe', ...) and .splitlines()",
  list: 'write the list itself',
  nested: "write '{{ a | product(b) | list }}'",
  random_choice: "write '{{ list | random }}'",
  sequence: "write '{{ range(1, 5) | list }}'",
  subelements: 'write the list itself',
  template: 'template-file writes a template into a file',
  together: "write '{{ a | zip(b) | list }}'",
  url: "write lookup('pipe', 'curl -fsS ...')",
  varnames: 'write the names of the variables',
  vars: "write the variable's name, or hostvars[inventory_hostname][NAME]",
}

/** The error for a lookup that is not there. */
export function unknownLookup(name: string): { readonly message: string; readonly hint: string } {
  const plain = name.replace(/^ansible\.(builtin|legacy)\./, '')
  const hint = Object.hasOwn(instead, plain) ? instead[plain] : undefined
  return {
    message: `there is no lookup '${name}'${hint === undefined ? didYouMean(plain, lookupNames) : ''}`,
    hint: hint ?? `these exist: ${lookupNames.join(', ')}`,
  }
}

const asking = new Set(['lookup', 'query', 'q'])

/** Throws a `TemplateError` for the first `lookup`, `query` or `q` whose name is written out and is not there. */
export const checkLookups = (source: string, kind: SourceKind): void =>
  walk(treeOf(source, kind), node => {
    if (node.kind !== 'call' || node.callee.kind !== 'name' || !asking.has(node.callee.name)) return
    const [name] = node.args
    if (name?.kind !== 'literal' || typeof name.value !== 'string' || lookupNamed(name.value) !== undefined) return
    const { message, hint } = unknownLookup(name.value)
    throw new TemplateError(`${message}: ${hint}`, name.at)
  })
