import { posix, win32 } from 'node:path'
import { anything, optional, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { iterate, Tuple, typeName } from '../values.ts'

const dirname = (path: string): string => {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '')
}

const normpath = (path: string): string => {
  // Two slashes at the beginning are kept, three are one.
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : ''
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..' || (root === '' && (parts.length === 0 || parts.at(-1) === '..'))) parts.push(part)
    else parts.pop()
  }
  return root + parts.join('/') || '.'
}

const join = (paths: readonly string[]): string =>
  paths.reduce((all, one) =>
    one.startsWith('/') ? one : all === '' || all.endsWith('/') ? all + one : `${all}/${one}`,
  )

const texts = (value: unknown, name: string): readonly string[] => {
  if (!Array.isArray(value)) throw new TypeError(`${name} takes a list of paths, not '${typeName(value)}'`)
  return iterate(value).map(one => {
    if (typeof one !== 'string') throw new TypeError(`${name} takes a list of paths, one is '${typeName(one)}'`)
    return one
  })
}

const commonpath = (paths: readonly string[]): string => {
  if (paths.length === 0) throw new TypeError('commonpath: there are no paths')
  const rooted = paths.filter(path => path.startsWith('/')).length
  if (rooted !== 0 && rooted !== paths.length) throw new TypeError('commonpath cannot mix absolute and relative paths')
  const [first = [], ...others] = paths.map(path => path.split('/').filter(part => part !== '' && part !== '.'))
  const end = first.findIndex((part, i) => others.some(other => other[i] !== part))
  return (rooted === 0 ? '' : '/') + first.slice(0, end < 0 ? undefined : end).join('/')
}

const splitext = (path: string): Tuple => {
  const found = /^(.*?[^/.][^/]*)(\.[^./]*)$/s.exec(path) ?? /^(.*\/)?(\.+[^/.][^/]*)(\.[^./]*)$/s.exec(path)
  if (found === null) return Tuple.of_(path, '')
  const end = found.at(-1) as string
  return Tuple.of_(path.slice(0, path.length - end.length), end)
}

/** Filters of paths. None looks at a disk but `realpath`, at the controller's. */
export const pathFilters: Routines = {
  basename: routine({ path: text }, ({ path }) => path.slice(path.lastIndexOf('/') + 1)),
  dirname: routine({ path: text }, ({ path }) => dirname(path)),
  splitext: routine({ path: text }, ({ path }) => splitext(path)),
  normpath: routine({ path: text }, ({ path }) => normpath(path)),
  path_join: routine({ paths: anything }, ({ paths }) =>
    typeof paths === 'string' ? paths : join(texts(paths, 'path_join')),
  ),
  commonpath: routine({ paths: anything }, ({ paths }) => commonpath(texts(paths, 'commonpath'))),
  relpath: routine({ path: text, start: optional(text, '.') }, ({ path, start }, { options }) => {
    if (path === '') throw new TypeError('relpath: the path is empty')
    const cwd = options.controller?.cwd ?? '/'
    return posix.relative(posix.resolve(cwd, start), posix.resolve(cwd, path)) || '.'
  }),
  realpath: routine({ path: text }, ({ path }, { options }) => {
    if (options.controller === undefined)
      throw new TypeError('realpath cannot be used here: it looks at the controller')
    return options.controller.realpath(path)
  }),
  expanduser: routine({ path: text }, ({ path }, { options }) => {
    const home = options.controller?.environment['HOME']
    return home === undefined ? path : path.replace(/^~(?=\/|$)/, () => home.replace(/\/+$/, '') || '/')
  }),
  expandvars: routine({ path: text }, ({ path }, { options }) =>
    path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (all, bare?: string, braced?: string) => {
      const name = bare ?? braced ?? ''
      return options.controller?.environment[name] ?? all
    }),
  ),
  win_basename: routine({ path: text }, ({ path }) =>
    path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1).replace(/^[A-Za-z]:/, ''),
  ),
  win_dirname: routine({ path: text }, ({ path }) => {
    const [, drive = '', rest = ''] = /^([A-Za-z]:)?(.*)$/s.exec(path) ?? []
    const head = rest.slice(0, Math.max(rest.lastIndexOf('\\'), rest.lastIndexOf('/')) + 1)
    return drive + (head.replace(/[\\/]+$/, '') || head)
  }),
  win_splitdrive: routine({ path: text }, ({ path }) => {
    const root = win32.parse(path).root
    const drive = /^[A-Za-z]:/.exec(path)?.[0] ?? (/^\\\\[^\\]+\\[^\\]+/.exec(root)?.[0] || '')
    return Tuple.of_(drive, path.slice(drive.length))
  }),
}
