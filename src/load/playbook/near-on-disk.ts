import { existsSync, readdirSync } from 'node:fs'
import { isAbsolute, join, normalize, relative, sep } from 'node:path'
import { closestName } from '../../text/did-you-mean.ts'
import { rethrowBug } from '../../text/rethrow-bug.ts'
import { isFolder } from './loading.ts'

/** `, did you mean 'x'?` for a file that is at none of `paths`, or nothing. `asked` is the name as the user wrote it. */
export function nearOnDisk(asked: string, paths: readonly string[]): string {
  for (const path of new Set(paths)) {
    const found = nearestPath(path)
    if (found !== undefined) return `, did you mean '${asWritten(asked, path, found)}'?`
  }
  return ''
}

/** The existing path that differs from a missing one in names that are near. */
function nearestPath(path: string): string | undefined {
  let here = isAbsolute(path) ? sep : ''
  let changed = false
  for (const name of path.split(sep).filter(part => part !== '')) {
    const exact = join(here, name)
    if (existsSync(exact)) here = exact
    else {
      const near = isFolder(here === '' ? '.' : here) ? nearestName(name, here === '' ? '.' : here) : undefined
      if (near === undefined) return undefined
      here = join(here, near)
      changed = true
    }
  }
  return changed ? here : undefined
}

const nearestName = (name: string, folder: string): string | undefined => {
  const names = list(folder)
  const near = closestName(name, names)
  if (near !== undefined) return near
  // `site` for site.yml, `site.yml` for site.yaml
  const stem = (one: string) => one.replace(/\.(ya?ml|json|ini|j2)$/, '')
  return (
    names.find(one => stem(one) === stem(name)) ?? names.find(one => closestName(stem(name), [stem(one)]) !== undefined)
  )
}

const list = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .filter(name => !name.startsWith('.'))
      .toSorted()
  } catch (error) {
    rethrowBug(error)
    return []
  }
}

// The user's own spelling with the wrong names replaced, not the absolute path it stands for.
const asWritten = (asked: string, path: string, found: string): string => {
  if (isAbsolute(asked)) return found
  const plain = normalize(asked)
  const root = path.endsWith(plain) ? path.slice(0, path.length - plain.length) : undefined
  if (root !== undefined && found.startsWith(root)) return found.slice(root.length)
  return relative(process.cwd(), found)
}
