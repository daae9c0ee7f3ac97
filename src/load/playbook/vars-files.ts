import { resolve } from 'node:path'
import type { Json } from '../../model/json.ts'
import type { Play } from '../../model/playbook.ts'
import { isFile, type LoadSession, listOf, type NodeContext } from './loading.ts'
import { nearOnDisk } from './near-on-disk.ts'
import { variablesOfDocument } from './role-files.ts'

/** Each entry is a file, or a list of which the first that exists is taken. */
export function varsFiles(
  value: Json | undefined,
  { locate, folder }: NodeContext,
  loading: LoadSession,
): Play['vars_files'] {
  return listOf(value).flatMap((entry, i) => {
    const at = locate(Array.isArray(value) ? ['vars_files', i] : ['vars_files'])
    const names = listOf(entry).map(String)
    if (names.some(name => /\{[{%]/.test(name))) {
      loading.fault('vars_files', 'vars_files takes names of files, without templates: they are read before the run', {
        at,
        hint: 'group_vars and host_vars differ by host',
      })
      return []
    }
    const paths = names.flatMap(name => [resolve(folder, name), resolve(folder, 'vars', name)])
    const file = paths.find(isFile)
    if (file === undefined) {
      const near = names.length === 1 ? nearOnDisk(names[0] ?? '', paths) : ''
      loading.fault('vars_files', `there is no file '${names.join("' or '")}'${near}`, {
        at,
        hint: `looked for ${paths.join(', ')}`,
      })
      return []
    }
    const document = loading.yaml(file)
    if (document === undefined) return []
    return [{ file, vars: variablesOfDocument(document, loading, 'vars_files') }]
  })
}
