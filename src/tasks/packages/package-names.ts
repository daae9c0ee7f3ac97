/** A package as it is asked for: `libc6:i386`, `nginx=1.22.*`. */
export interface PackageRequest {
  /** With its architecture, if one is asked for: as apt-get and dpkg-query take it. */
  readonly name: string
  readonly version?: string
}

/**
 * Nothing but the name of a package, with an architecture or a version behind it. apt-get reads much else where a name is
 * wanted: options, files, patterns, releases (`curl/stable`), removals (`curl-`).
 */
const ONE = '[a-z0-9]([a-z0-9+.-]*[a-z0-9+.])?(:[a-z0-9][a-z0-9-]*)?(=[A-Za-z0-9.+~:*?-]+)?'

export const PACKAGE = `^${ONE}$`
export const PACKAGES = `^\\s*${ONE}(\\s*,\\s*${ONE})*\\s*$`
export const PACKAGE_HINT =
  'a package by its name alone, such as g++, libc6:i386 or nginx=1.22.*: no file, pattern, release or removal'

export const wantedOf = (name: string | readonly string[]): readonly PackageRequest[] =>
  (typeof name === 'string' ? name.split(',') : name).map(one => {
    const [plain = '', version] = one.trim().split('=', 2)
    return version === undefined ? { name: plain } : { name: plain, version }
  })

/** A package that dpkg knows. */
export interface Known {
  /** `ii`, `hi`, `rc`, `iF`, `iHR`: what is wanted of it, how it is, and `R` where it must be installed anew. */
  readonly status: string
  readonly version: string
}

/** Lines `NAME STATUS VERSION ARCHITECTURE`, by name and by name with architecture. A package of all architectures is one of each. */
export const knownOf = (lines: readonly string[]): ((name: string) => Known | undefined) => {
  const known = new Map<string, Known>()
  for (const line of lines) {
    const [name = '', status = '', version = '', architecture = ''] = line.split(' ').filter(word => word !== '')
    const one = architecture === '' ? { status, version: '' } : { status, version }
    for (const key of [name, `${name}:${architecture === '' ? version : architecture}`]) {
      // With several architectures, the one that is whole speaks for the name.
      const other = known.get(key)
      if (other === undefined || !isWhole(other)) known.set(key, one)
    }
  }
  return name => {
    const found = known.get(name)
    const [plain = '', architecture] = name.split(':', 2)
    if (found !== undefined || architecture === undefined) return found
    return known.get(`${plain}:all`) ?? (/^(any|native)$/.test(architecture) ? known.get(plain) : undefined)
  }
}

/** Installed and configured, and nothing is left to be done about it. */
export const isWhole = ({ status }: Known): boolean => status[1] === 'i' && status[2] !== 'R'

/** Something of it is there that is more than configuration files. */
export const isThere = ({ status }: Known): boolean => status[1] !== 'n' && status[1] !== 'c'

const states: Readonly<Record<string, string>> = {
  n: 'not installed',
  c: 'removed, its configuration files are there',
  H: 'half installed',
  U: 'unpacked, not configured',
  F: 'half configured',
  W: 'waiting for the triggers of others',
  t: 'waiting for its triggers',
}

/** What is wrong with a package that is there and not whole. */
export const stateOf = ({ status }: Known): string =>
  status[2] === 'R' ? 'to be installed anew' : (states[status[1] ?? ''] ?? status)

/** Whether a version is one that was asked for: `1.22.*`. */
export const fits = (version: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(version)
