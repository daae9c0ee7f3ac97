import { resolve } from 'node:path'
import { isFile, isFolder } from '../load/playbook/loading.ts'
import { nearOnDisk } from '../load/playbook/near-on-disk.ts'
import { readText } from '../load/yaml/read-text.ts'
import { Fault } from '../model/fault.ts'
import { type LookupName, lookupNamed, unknownLookup } from '../template/lookup-calls.ts'
import type { Lookups, Scope } from '../template/template.ts'
import type { LookupContext } from './lookup-context.ts'
import { lookupPassword } from './lookup-password.ts'

type Keywords = Readonly<Record<string, unknown>>

interface Lookup {
  /** Named arguments that it takes. */
  readonly takes: readonly string[]
  readonly one: (
    term: string,
    keywords: Keywords,
    of: { readonly context: LookupContext; readonly scope: Scope },
  ) => unknown
}

const known: Readonly<Record<LookupName, Lookup>> = {
  env: { takes: ['default'], one: (term, keywords, { context }) => context.env[term] ?? keywords['default'] ?? '' },
  file: { takes: ['lstrip', 'rstrip'], one: readFirst },
  pipe: {
    takes: [],
    one: (term, _, { context }) => context.pipe(term, { cwd: context.folders[0] ?? '.', env: context.env }),
  },
  password: {
    takes: ['length', 'chars', 'encrypt', 'ident', 'seed'],
    one: (term, keywords, { context }) => lookupPassword(term, keywords, context),
  },
}

/** `lookup(...)` on the controller: env, file, password, pipe. Several terms are joined by commas, `query` lists them. */
export function lookups(context: LookupContext): Lookups {
  return (name, terms, keywords, scope) => {
    const found = lookupNamed(name)
    if (found === undefined) {
      const { message, hint } = unknownLookup(name)
      throw new Fault('lookup', message, { hint })
    }
    const { takes, one } = known[found]
    const { wantlist = false, errors = 'strict', ...own } = keywords
    for (const keyword of Object.keys(own))
      if (!takes.includes(keyword))
        throw new Fault('lookup', `lookup('${name}') has no '${keyword}'`, {
          hint: `it takes ${[...takes, 'wantlist', 'errors'].join(', ')}`,
        })
    if (errors !== 'strict' && errors !== 'ignore')
      throw new Fault('lookup', `errors of lookup('${name}') is strict or ignore, not '${String(errors)}'`)
    const list = terms.flat()
    if (list.length === 0 && terms.length === 0)
      throw new Fault('lookup', `lookup('${name}') does not say of what`, { hint: `lookup('${name}', '...')` })
    const answers = list.flatMap(term => {
      try {
        return [one(textOf(term, name), own, { context, scope })]
      } catch (error) {
        if (error instanceof Fault && errors === 'ignore') return []
        throw error
      }
    })
    if (wantlist === true) return answers
    return answers.length === 1 ? answers[0] : answers.map(String).join(',')
  }
}

const textOf = (term: unknown, name: string): string => {
  if (typeof term === 'string' || typeof term === 'number') return String(term)
  throw new Fault('lookup', `lookup('${name}') takes a text, this is ${term === null ? 'nothing' : typeof term}`)
}

/** In a role's own `files/` first, then beside the playbook. */
function readFirst(
  term: string,
  keywords: Keywords,
  { context, scope }: { readonly context: LookupContext; readonly scope: Scope },
): string {
  const role = scope.get('role_path')
  const folders = typeof role === 'string' ? [role, ...context.folders] : context.folders
  const paths = [...new Set(folders.flatMap(folder => [resolve(folder, 'files', term), resolve(folder, term)]))]
  const path = paths.find(isFile)
  if (path === undefined) {
    const folder = paths.find(isFolder)
    throw new Fault(
      'lookup',
      folder === undefined
        ? `there is no file '${term}'${nearOnDisk(term, paths)}`
        : `'${term}' is a folder, not a file`,
      {
        hint: folder === undefined ? `looked for ${paths.join(', ')}` : "lookup('file') takes one file",
      },
    )
  }
  const text = readText(path)
  const ended = keywords['rstrip'] === false ? text : text.trimEnd()
  return keywords['lstrip'] === true ? ended.trimStart() : ended
}
