// Compares versions by the rules of Python's LooseVersion, StrictVersion and packaging, and of semver.org.

type Part = number | string
export type VersionType = 'loose' | 'strict' | 'semver' | 'semantic' | 'pep440'

/** Compares two versions: negative, 0 or positive. Throws a `TypeError` for invalid or incomparable versions. */
export function compareVersions(one: string, other: string, type: VersionType): number {
  switch (type) {
    case 'loose':
      return byParts(loose(one), loose(other))
    case 'strict':
      return byParts(strict(one), strict(other))
    case 'semver':
    case 'semantic':
      return semantic(semver(one), semver(other))
    case 'pep440':
      return byParts(pep440(one), pep440(other))
  }
}

const byParts = (a: readonly Part[], b: readonly Part[]): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [a[i] as Part, b[i] as Part]
    if (left === right) continue
    if (typeof left !== typeof right) throw new TypeError(`the parts '${left}' and '${right}' cannot be compared`)
    return left < right ? -1 : 1
  }
  return a.length - b.length
}

const loose = (text: string): readonly Part[] =>
  (text.match(/\d+|[a-z]+|[^\d.a-z]+/g) ?? []).map(part => (/^\d+$/.test(part) ? Number(part) : part))

const strict = (text: string): readonly Part[] => {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(text)
  if (found === null) throw new TypeError(`'${text}' is no strict version, such as 1.2 or 1.2.3a4`)
  const [, major, minor, patch, letter, count] = found
  return [Number(major), Number(minor), Number(patch ?? 0), letter ?? 'z', Number(count ?? 0)]
}

interface Semver {
  readonly core: readonly number[]
  readonly before: readonly string[]
}
const semver = (text: string): Semver => {
  const found =
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/.exec(
      text,
    )
  if (found === null) throw new TypeError(`'${text}' is no semantic version, such as 1.2.3`)
  return { core: found.slice(1, 4).map(Number), before: found[4]?.split('.') ?? [] }
}
const semantic = (a: Semver, b: Semver): number => {
  const core = byParts(a.core, b.core)
  if (core !== 0) return core
  // A pre-release is lower than its release.
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length
  for (let i = 0; i < Math.min(a.before.length, b.before.length); i++) {
    const [left = '', right = ''] = [a.before[i], b.before[i]]
    if (left === right) continue
    const [one, two] = [/^\d+$/.test(left), /^\d+$/.test(right)]
    if (one && two) return Number(left) - Number(right)
    if (one !== two) return one ? -1 : 1
    return left < right ? -1 : 1
  }
  return a.before.length - b.before.length
}

// Parts are encoded so that plain comparison gives the order dev, a, b, rc, release, post.
const pep440 = (text: string): readonly Part[] => {
  const found =
    /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i.exec(
      text.trim(),
    )
  if (found === null) throw new TypeError(`'${text}' is no version as Python's packages have them`)
  const [, epoch, release = '', before, beforeCount, short, post, postCount, dev, devCount, local] = found
  const numbers = release.split('.').map(Number)
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop()
  const padded = [...numbers, ...Array.from({ length: Math.max(0, 20 - numbers.length) }, () => 0)]
  const kind = before === undefined ? undefined : ({ a: 1, alpha: 1, b: 2, beta: 2 }[before.toLowerCase()] ?? 3)
  const posted = short !== undefined || post !== undefined
  const phase = kind ?? (dev !== undefined && !posted ? 0 : 4)
  return [
    Number(epoch ?? 0),
    ...padded,
    phase,
    Number(beforeCount ?? 0),
    posted ? 1 + Number(short ?? postCount ?? 0) : 0,
    dev === undefined ? Number.POSITIVE_INFINITY : Number(devCount ?? 0),
    ...(local === undefined
      ? []
      : local
          .toLowerCase()
          .split(/[-_.]/)
          .flatMap(part => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part]))),
  ]
}
