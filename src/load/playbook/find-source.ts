import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import type { Task } from '../../model/playbook.ts'
import type { At } from '../../text/position.ts'
import { isFolder } from './loading.ts'
import { nearOnDisk } from './near-on-disk.ts'

/** The folders where a task's `src` may be: the role's `templates/` or `files/`, then those beside the playbook, then the folder itself. */
export function sourcePaths(
  task: Pick<Task, 'role' | 'folder'>,
  kind: 'file' | 'template',
  src: string,
): readonly string[] {
  if (isAbsolute(src)) return [src]
  const special = kind === 'template' ? 'templates' : 'files'
  const roots = [...(task.role === undefined ? [] : [task.role.path]), task.folder]
  return [...new Set(roots.flatMap(root => [resolve(root, special, src), resolve(root, src)]))]
}

/** A file of the controller that a task names. Throws a `Fault` that says where it was looked for. */
export async function findSource(
  task: Pick<Task, 'role' | 'folder' | 'type'>,
  kind: 'file' | 'template',
  { src, at }: { readonly src: string; readonly at: At },
): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  const paths = sourcePaths(task, kind, src)
  for (const path of paths) {
    try {
      const found = await stat(path)
      // A pipe or a device may never come to its end.
      if (!found.isFile() && !found.isDirectory()) throw new Error('it is no plain file')
      return { path, bytes: await readFile(path) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR')
        throw new Fault('source', `cannot read ${path}: ${(error as Error).message}`, {
          at,
        })
    }
  }
  throw missingSource(task.type, { src, at }, paths)
}

export const missingSource = (
  type: string,
  { src, at }: { readonly src: string; readonly at: At },
  paths: readonly string[],
): Fault => {
  const folder = paths.find(isFolder)
  const missing = `there is no file '${src}'${nearOnDisk(src, paths)}`
  return new Fault('source', folder === undefined ? missing : `'${src}' is a folder, not a file`, {
    at,
    hint: folder === undefined ? `looked for ${paths.join(', ')}` : `${type} takes one file: loop over several`,
  })
}
