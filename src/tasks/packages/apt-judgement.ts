import type { StateOf } from '../../model/params.ts'
import type { Judgement, Package } from '../kit/package-type.ts'
import type { aptState } from './apt-look.ts'
import { fits, isThere, isWhole, type Known, knownOf, type PackageRequest, stateOf, wantedOf } from './package-names.ts'

export interface Given {
  readonly name: string | readonly string[]
  readonly state: 'present' | 'latest' | 'absent'
  readonly cache_valid_time: number
  readonly purge?: boolean
}

type Found = StateOf<typeof aptState>

/** How the host has each package that a task names, or why it cannot be said. */
export function judge(given: Given, found: Found): Judgement {
  const wanted = wantedOf(given.name)
  if (wanted.length === 0) return { packages: [] }
  const latest = given.state === 'latest'
  const known = knownOf(found.known)
  const candidates = new Map(found.candidate.map(line => line.split(' ', 2) as [string, string]))
  const packages = wanted.map(one => packageOf(one, given, { ...found, known, candidates }))
  const held = packages.filter(one => latest && one.held && one.news).map(({ name }) => name)
  const problem =
    given.purge === true && given.state !== 'absent'
      ? 'purge takes configuration files away with a package: it needs state: absent'
      : (unlooked(found) ??
        (held.length === 0
          ? undefined
          : `there is news of ${held.join(' ')}, which is held back: 'apt-mark unhold ${held.join(' ')}' lets it in`))
  return problem === undefined ? { packages, refresh: latest && isStale(given, found) } : { problem }
}

export const isStale = ({ cache_valid_time }: Pick<Given, 'cache_valid_time'>, { age }: Found): boolean =>
  age === undefined || age > cache_valid_time

const unlooked = ({ apt, system = '', broken }: Found): string | undefined => {
  if (apt !== true)
    return `apt-install needs Debian or Ubuntu (dpkg and apt-get): this host is ${system === '' ? 'neither' : system}`
  return broken === undefined ? undefined : `dpkg-query cannot say what is installed: ${broken.trim()}`
}

const packageOf = (
  { name, version }: PackageRequest,
  { state, purge }: Given,
  seen: Pick<Found, 'provided'> & {
    readonly known: (name: string) => Known | undefined
    readonly candidates: ReadonlyMap<string, string>
  },
): Package & { readonly held: boolean; readonly news: boolean } => {
  const known = seen.known(name)
  const offered = seen.candidates.get(name) ?? seen.candidates.get(name.replace(/:.*/, ''))
  const there = known !== undefined && isThere(known)
  const fitting = known !== undefined && (version === undefined || fits(known.version, version))
  const has = there ? isWhole(known) && fitting : version === undefined && seen.provided.includes(name)
  const news = version === undefined && known !== undefined && isWhole(known) && isNews(offered, known)
  return {
    name,
    asked: version === undefined ? name : `${name}=${version}`,
    is: known === undefined ? null : isWhole(known) ? known.version : stateOf(known),
    becomes: offered ?? version ?? 'installed',
    lacking: !has || (state === 'latest' && news),
    removable: fitting && (there || (purge === true && known.status[1] === 'c')),
    broken: there && !isWhole(known),
    held: known?.status[0] === 'h',
    news,
  }
}

const isNews = (offered: string | undefined, { version }: Known): boolean =>
  offered !== undefined && offered !== '(none)' && offered !== version
