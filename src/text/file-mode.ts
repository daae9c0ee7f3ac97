/**
 * An octal mode, `0644` or `02775`, or a symbolic one as in chmod(1), `u=rwX,g=rX,o=`. A symbolic mode must name the class
 * (u, g, o or a): without it the result depends on the umask.
 */
export const MODE_PATTERN = '^(0?[0-7]{3,4}|[ugoa]+([-+=][rwxXst]*|=[ugo])+(,[ugoa]+([-+=][rwxXst]*|=[ugo])+)*)$'

const bits: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 }
const shift: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }

/** Applies a mode to a file or folder with the mode `from`. Returns four octal digits. */
export function octalMode(mode: string, from: string, folder: boolean): string {
  // As in Ansible, an octal mode is complete: 0755 removes the set-id bits of a folder.
  if (/^[0-7]+$/.test(mode)) return mode.slice(-4).padStart(4, '0')
  let now = Number.parseInt(from, 8) || 0
  for (const clause of mode.split(',')) {
    const [, letters = ''] = /^([ugoa]+)/.exec(clause) ?? []
    const who = letters.includes('a') ? ['u', 'g', 'o'] : [...new Set(letters)]
    for (const [, sign = '', what = ''] of clause.slice(letters.length).matchAll(/([-+=])([rwxXstugo]*)/g))
      now = applied(now, { who, sign, what, folder })
  }
  return now.toString(8).padStart(4, '0')
}

const applied = (
  mode: number,
  how: { readonly who: readonly string[]; readonly sign: string; readonly what: string; readonly folder: boolean },
): number => {
  const { who, sign, what, folder } = how
  // X: x for folders, and for files that have some x bit.
  const run = folder || (mode & 0o111) !== 0
  let wanted = 0
  let reach = 0
  for (const one of who) {
    const at = shift[one] ?? 0
    reach |= 7 << at
    for (const letter of what) {
      if (letter in bits) wanted |= (bits[letter] ?? 0) << at
      if (letter === 'X' && run) wanted |= 1 << at
      if (letter in shift) wanted |= ((mode >> (shift[letter] ?? 0)) & 7) << at
      if (letter === 's' && one !== 'o') wanted |= one === 'u' ? 0o4000 : 0o2000
      if (letter === 't' && one === 'o') wanted |= 0o1000
    }
    if (one === 'u') reach |= 0o4000
    if (one === 'g') reach |= 0o2000
    if (one === 'o') reach |= 0o1000
  }
  if (sign === '+') return mode | wanted
  if (sign === '-') return mode & ~wanted
  // On a folder `=` keeps set-id bits that it does not name, as chmod does.
  const kept = folder ? mode & 0o6000 & reach : 0
  return (mode & ~reach) | wanted | kept
}
