import { dirname, resolve } from 'node:path'
import type { Json, JsonObject } from '../../model/json.ts'
import { includeFileSchema } from '../schema/include-maps.ts'
import { validate } from '../schema/validate.ts'
import type { Document } from '../yaml/yaml.ts'
import { checkKeywords } from './check-keywords.ts'
import { isFile, isMap, type LoadSession, type NodeContext, within } from './loading.ts'
import { nearOnDisk } from './near-on-disk.ts'

export interface ImportedFile {
  readonly path: string
  readonly document: Document
  /** Keywords of `apply:`, for all that the file holds. */
  readonly apply: JsonObject
}

/** The file of an `import_tasks` or `include_tasks`: beside the file that names it first, then in the role, then beside the playbook. */
export function importedFile(
  kind: 'import_tasks' | 'include_tasks',
  wanted: Json,
  spot: NodeContext,
  { loading, importing }: { readonly loading: LoadSession; readonly importing: readonly string[] },
): ImportedFile | undefined {
  const file = isMap(wanted) ? wanted['file'] : wanted
  if (isMap(wanted))
    loading.faults.push(
      ...validate(includeFileSchema(kind), wanted, { what: kind, locate: spot.locate, path: [kind], templates: true }),
    )
  if (typeof file !== 'string' || /\{[{%]/.test(file)) {
    loading.fault('import', `${kind} takes the name of a file, without templates: files are read before the run`, {
      at: spot.locate([kind]),
      hint: 'import each file with a when: of its own',
    })
    return undefined
  }
  const roots = [
    dirname(spot.locate([]).file),
    ...(spot.role === undefined ? [] : [resolve(spot.role.path, 'tasks')]),
    spot.folder,
    resolve(spot.folder, 'tasks'),
  ]
  const paths = [...new Set(roots.map(root => resolve(root, file)))]
  const path = paths.find(isFile)
  const at = spot.locate(isMap(wanted) ? [kind, 'file'] : [kind])
  if (path === undefined) {
    loading.fault('import', `there is no file '${file}'${nearOnDisk(file, paths)}`, {
      at,
      hint: `looked for ${paths.join(', ')}`,
    })
    return undefined
  }
  if (importing.includes(path) || path === spot.locate([]).file) {
    loading.fault('import', `'${file}' imports itself`, {
      at,
      hint: `files are read before the run, so that no when: can end this: ${[...importing, path].join(' -> ')}; write the tasks once, with loop: or until:`,
    })
    return undefined
  }
  const document = loading.yaml(path)
  return document === undefined ? undefined : { path, document, apply: applyOf(kind, wanted, spot, loading) }
}

/** `apply:` of an include: keywords for what it holds. */
export function applyOf(kind: string, wanted: Json, spot: NodeContext, loading: LoadSession): JsonObject {
  const apply = isMap(wanted) ? wanted['apply'] : undefined
  if (apply === undefined || !isMap(apply)) return {}
  const locate = within(spot.locate, kind, 'apply')
  checkKeywords('import', apply, { what: `apply of ${kind}`, locate, loading })
  return apply
}
