import { readdirSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import type { AnyTaskType, Origin } from '../../model/task-type.ts'
import { isFolder } from './loading.ts'

/** Files of a folder that may hold task types. */
export const typeFiles = (folder: string): readonly string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .filter(name => /\.(ts|js|mjs)$/.test(name) && !/\.d\.ts$/.test(name))
        .toSorted()
        .map(name => resolve(folder, name))
    : []

/** The user's own task types, each a file with one default export. Throws a `Fault` for a file that is none. */
export async function importTaskType(file: string, packageUrl: string): Promise<AnyTaskType> {
  // esbuild is only started for those who write types of their own.
  const { build } = await import('esbuild')
  let code = ''
  let map = '{}'
  try {
    const built = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      sourcemap: 'external',
      sourcesContent: false,
      outdir: dirname(file),
      absWorkingDir: dirname(file),
      plugins: [
        {
          name: 'library',
          setup: builder => {
            builder.onResolve({ filter: /^mlplay$/ }, () => ({ path: packageUrl, external: true }))
          },
        },
      ],
    })
    for (const { path, text } of built.outputFiles) {
      if (path.endsWith('.map')) map = text
      else code = text
    }
  } catch (error) {
    const [first] =
      (
        error as {
          readonly errors?: readonly {
            readonly text: string
            readonly location: { readonly line: number; readonly column: number } | null
          }[]
        }
      ).errors ?? []
    throw new Fault('task-type', `this task type does not build: ${first?.text ?? String(error)}`, {
      at: { file, line: first?.location?.line ?? 1, column: (first?.location?.column ?? 0) + 1 },
    })
  }
  const loaded = (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`).catch(
    (error: unknown) => {
      throw new Fault('task-type', `this task type does not load: ${(error as Error).message}`, {
        at: { file, line: 1, column: 1 },
      })
    },
  )) as { readonly default?: AnyTaskType }
  const type = loaded.default
  const missing =
    type === undefined
      ? 'a default export made by taskType({...})'
      : (['name', 'summary', 'params', 'plan'] as const).find(key => type[key] === undefined)
  if (type === undefined || missing !== undefined)
    throw new Fault('task-type', `this task type lacks ${missing}`, {
      at: { file, line: 1, column: 1 },
      hint: 'docs/task-types.md shows one',
    })
  if (!/^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$/.test(type.name))
    throw new Fault('task-type', `'${type.name}' cannot be the name of a task type`, {
      at: { file, line: 1, column: 1 },
      hint: 'small letters, digits and -',
    })
  return { ...type, origin: originOf(file, map) }
}

// The code was bundled before it was loaded: what it throws has the bundle's places.
const originOf = (file: string, map: string): Origin => {
  let read: SourceMap | undefined
  return {
    file,
    placeOf: (line, column) => {
      read ??= new SourceMap(JSON.parse(map) as SourceMapPayload)
      const found = read.findEntry(line - 1, column - 1)
      if (!('originalSource' in found)) return undefined
      return {
        file: resolve(dirname(file), found.originalSource),
        line: found.originalLine + 1,
        column: found.originalColumn + 1,
      }
    },
  }
}
