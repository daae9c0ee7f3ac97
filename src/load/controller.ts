import { existsSync, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Controller } from '../template/controller.ts'
import { rethrowBug } from '../text/rethrow-bug.ts'

/** The machine that mlplay runs on, as templates may look at it. Paths without a root begin in `cwd`. */
export function controllerOf(cwd: string, environment: Readonly<Record<string, string | undefined>>): Controller {
  const at = (path: string): string => resolve(cwd, path)
  return {
    cwd,
    environment,
    realpath: path => realpath(at(path)),
    look: path => {
      const own = stat(() => lstatSync(at(path)))
      const found = stat(() => statSync(at(path)))
      return {
        exists: found !== undefined,
        file: found?.isFile() === true,
        directory: found?.isDirectory() === true,
        link: own?.isSymbolicLink() === true,
        mount: own?.isDirectory() === true && isMount(own, statSync(join(at(path), '..'))),
        identity: found === undefined ? undefined : `${found.dev} ${found.ino}`,
      }
    },
    glob: pattern => globbed(cwd, pattern).filter(path => stat(() => statSync(at(path)))?.isFile() === true),
  }
}

// The folder above the root is the root itself.
const isMount = (own: Stats, above: Stats): boolean => own.dev !== above.dev || own.ino === above.ino

const stat = (look: () => Stats): Stats | undefined => {
  try {
    return look()
  } catch (error) {
    rethrowBug(error)
    return undefined
  }
}

// What is not there yet is taken from the part of the path that is.
const realpath = (path: string): string => {
  if (existsSync(path)) return realpathSync(path)
  return dirname(path) === path ? path : join(realpath(dirname(path)), basename(path))
}

const globbed = (cwd: string, pattern: string): readonly string[] => {
  if (!/[*?[]/.test(pattern)) return existsSync(resolve(cwd, pattern)) ? [pattern] : []
  const folder = dirname(pattern)
  const name = basename(pattern)
  const wanted = new RegExp(
    `^${name.replace(/\[!?[^\]]+\]|[\s\S]/g, part =>
      part === '*'
        ? '.*'
        : part === '?'
          ? '.'
          : part.length > 1
            ? part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
            : part.replace(/[\\^$.|+(){}[\]]/, '\\$&'),
    )}$`,
    's',
  )
  return globbedFolders(cwd, folder).flatMap(one =>
    entries(resolve(cwd, one))
      .filter(entry => wanted.test(entry) && (name.startsWith('.') || !entry.startsWith('.')))
      .sort()
      .map(entry => (pattern.includes('/') ? join(one, entry) : entry)),
  )
}

const globbedFolders = (cwd: string, folder: string): readonly string[] =>
  /[*?[]/.test(folder) ? globbed(cwd, folder) : [folder]

const entries = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch (error) {
    rethrowBug(error)
    return []
  }
}
