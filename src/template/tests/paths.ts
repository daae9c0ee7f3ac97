import type { PathLook } from '../controller.ts'
import { text } from '../parameters.ts'
import { type Context, type Routine, type Routines, routine } from '../routine.ts'

const look = (path: string, { options }: Context): PathLook => {
  if (options.controller === undefined) throw new TypeError('files cannot be looked at here')
  return options.controller.look(path)
}
const of = (part: 'exists' | 'file' | 'directory' | 'link' | 'mount'): Routine =>
  routine({ path: text }, ({ path }, context) => look(path, context)[part])

const file = of('file')
const directory = of('directory')
const link = of('link')
const mount = of('mount')
const absolute = routine({ path: text }, ({ path }) => path.startsWith('/'))
const same = routine({ f1: text, f2: text }, ({ f1, f2 }, context) => {
  const [one, other] = [look(f1, context).identity, look(f2, context).identity]
  if (one === undefined || other === undefined) throw new TypeError(`there is no file '${one === undefined ? f1 : f2}'`)
  return one === other
})

/** Tests of files of the controller, not of a host's. */
export const pathTests: Routines = {
  file,
  is_file: file,
  directory,
  is_dir: directory,
  exists: of('exists'),
  link,
  is_link: link,
  link_exists: routine({ path: text }, ({ path }, context) => {
    const { exists, link: isLink } = look(path, context)
    return exists || isLink
  }),
  mount,
  is_mount: mount,
  same_file: same,
  is_same_file: same,
  abs: absolute,
  is_abs: absolute,
}
