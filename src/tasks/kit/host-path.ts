import { type Script, sh, userScript } from '../../text/sh.ts'

/** Schema of a param that names a place on the host. `~` and `~name` at its beginning are the host's to expand. */
export const pathParam = <D extends string>(description: D) =>
  ({ type: 'string', pattern: '^[/~]', description }) as const

const HOME = /^~([A-Za-z_][A-Za-z0-9_.-]*)?(?=\/|$)/

/** A path as one word of a script. Only the host knows where homes are: its shell expands a `~` at the beginning. */
export function onHost(path: string): Script {
  const home = HOME.exec(path)?.[0]
  if (home === undefined) return sh`${path}`
  // A slash in quotes would belong to the name of the account.
  const rest = path.slice(home.length + 1)
  return rest === '' ? userScript(path) : sh`${userScript(`${home}/`)}${rest}`
}

/** One way to write a path: no slashes at the end, no two in a row, no `.` between them. `..` stays: links may be there. */
export const plainPath = (path: string): string =>
  path.replace(/\/(\.?\/)+/g, '/').replace(/(?<=.)(\/\.?)+$/, '') || '/'

export const parentOf = (path: string): string => {
  const plain = plainPath(path)
  const cut = plain.lastIndexOf('/')
  return cut > 0 ? plain.slice(0, cut) : cut === 0 ? '/' : plain
}

export const nameOf = (path: string): string => plainPath(path).slice(plainPath(path).lastIndexOf('/') + 1)
