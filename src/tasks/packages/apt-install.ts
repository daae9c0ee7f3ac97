import type { Change } from '../../model/change.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { aptGet } from './apt-get.ts'
import {
  fits,
  isThere,
  isWhole,
  type Known,
  knownOf,
  PACKAGE,
  PACKAGE_HINT,
  PACKAGES,
  stateOf,
  type Wanted,
  wantedOf,
} from './package-names.ts'

const params = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      anyOf: [
        { type: 'string', pattern: PACKAGES, description: PACKAGE_HINT },
        { type: 'array', items: { type: 'string', pattern: PACKAGE, description: PACKAGE_HINT } },
      ],
      description: 'a package or a list of them; libc6:i386 asks for an architecture, nginx=1.22.* for a version',
    },
    state: { enum: ['present', 'latest', 'absent'], default: 'present' },
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      default: 86400,
      description: 'seconds for which package lists are fresh enough',
    },
    install_recommends: { type: 'boolean', description: "as the host's apt is set unless said" },
    purge: { type: 'boolean', description: 'with absent: configuration files too' },
    lock_timeout: { type: 'integer', minimum: 0, default: 300, description: 'seconds to wait for another apt or dpkg' },
  },
} as const

export default taskType({
  name: 'apt-install',
  summary: 'Debian packages that are to be there, or not',
  example: { name: 'packages', params: { name: ['nginx', 'curl'], state: 'present' } },
  params,
  shorthand: 'name',
  ansible: ['apt', 'package'],
  instead: {
    autoremove: 'run it with command: apt-get -y autoremove',
    deb: 'only packages of the lists are installed: give their names',
    force_apt_get: 'it is always apt-get',
    package: 'write name:',
    pkg: 'write name:',
    update_cache: 'the lists are refreshed when they are older than cache_valid_time (seconds)',
    upgrade: 'write state: latest with the names',
  },
  requires: ['root'],
  state: {
    type: 'object',
    properties: {
      apt: { type: 'boolean' },
      system: { type: 'string' },
      /** `NAME STATUS VERSION ARCHITECTURE` of each one that dpkg knows. */
      known: { type: 'array', items: { type: 'string' } },
      /** What dpkg-query said when it could not look. */
      broken: { type: 'string' },
      provided: { type: 'array', items: { type: 'string' } },
      /** `NAME VERSION` that the lists offer, asked for with `latest` only. */
      candidate: { type: 'array', items: { type: 'string' } },
      /** Seconds since the lists were fetched; absent without lists. */
      age: { type: 'integer' },
    },
  },
  probe: ({ name, state }) => {
    const wanted = wantedOf(name)
    const names = wanted.map(one => one.name)
    if (names.length === 0) return nothing
    // Versions, architectures and news are compared here; otherwise the host knows whether anything is left to do, and
    // what only a change needs is not asked for: each answer is a process or two.
    const compared = state === 'latest' || wanted.some(one => one.version !== undefined || one.name.includes(':'))
    const asked = [...new Set(names.flatMap(one => [one, one.replace(/:.*/, '')]))]
    return lines(
      sh`if ! command -v dpkg-query >/dev/null 2>&1; then fact apt 0; ( . /etc/os-release 2>/dev/null && fact system "$PRETTY_NAME" )
else
fact apt 1
known=$(dpkg-query -W -f='=\${Package} \${db:Status-Abbrev} \${Version} \${Architecture}\n' -- ${asked} 2>&1); code=$?
lacks() { case "
$known" in *"
=$1 ii "*|*"
=$1 hi "*) return 1;; esac; }
left=${compared ? '1' : ''} answers=
set -f; IFS='
'; for line in $known; do case $line in
  =*) fact known "\${line#=}"; answers=1; ${state === 'absent' ? sh`left=1` : nothing};;
  *"no packages found matching "*) answers=1;;
esac; done; unset IFS; set +f
case $code:$answers in 0:1|1:1) ;; *) fact broken "exit code $code: $known";; esac
${state === 'absent' ? nothing : sh`for n in ${names}; do lacks "$n" && left=1; done`}
if [ -n "$left" ]; then`,
      // A virtual package (mail-transport-agent) is there when another one provides it.
      sh`for n in ${names}; do lacks "$n" && dpkg-query -W -f='\${db:Status-Abbrev} \${Provides}\n' | while read -r status rest; do case "$status, $rest," in [ih]"i,"*" $n,"*|[ih]"i,"*" $n ("*) fact provided "$n"; break;; esac; done; done
newest=$(stat -c %Y /var/lib/apt/lists/*_Packages* /var/lib/apt/periodic/update-success-stamp 2>/dev/null | sort -rn | head -n 1)
set -- /var/lib/apt/lists/*_Packages*
[ -e "$1" ] && [ -n "$newest" ] && fact age $(( $(date +%s) - newest ))
fi`,
      // Its caches stay in memory: a look makes no files.
      state === 'latest'
        ? sh`LC_ALL=C apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy -- ${names} 2>/dev/null | while read -r key value; do case $key in Candidate:) fact candidate "$n $value";; Installed:|Version) ;; *:) [ -z "$value" ] && n=\${key%:};; esac; done`
        : nothing,
      sh`fi`,
    )
  },
  plan: (given, found) => {
    const wanted = wantedOf(given.name)
    if (wanted.length === 0) return []
    if (given.purge === true && given.state !== 'absent')
      return { changes: [], problem: `purge takes configuration files away with a package: it needs state: absent` }
    if (found.apt !== true)
      return {
        changes: [],
        problem: `apt-install needs Debian or Ubuntu (dpkg and apt-get): this host is ${found.system === undefined || found.system === '' ? 'neither' : found.system}`,
      }
    if (found.broken !== undefined)
      return { changes: [], problem: `dpkg-query cannot say what is installed: ${found.broken.trim()}` }
    const known = knownOf(found.known)
    const candidates = new Map(found.candidate.map(line => line.split(' ', 2) as [string, string]))
    const seen: Seen = {
      known,
      provided: found.provided,
      candidate: name => candidates.get(name) ?? candidates.get(name.replace(/:.*/, '')),
      age: found.age,
    }
    const held =
      given.state === 'latest' ? wanted.filter(one => newer(one, seen) && known(one.name)?.status[0] === 'h') : []
    if (held.length > 0) {
      const names = held.map(({ name }) => name).join(' ')
      return {
        changes: [],
        problem: `there is news of ${names}, which is held back: 'apt-mark unhold ${names}' lets it in`,
      }
    }
    return given.state === 'absent' ? absent(given, wanted, seen) : missing(given, wanted, seen)
  },
})

/** What the files and scripts of a package may bring. */
const BROUGHT = (['path', 'user', 'group', 'service', 'program'] as const).map(kind => ({ kind }))

interface Given {
  readonly state: 'present' | 'latest' | 'absent'
  readonly cache_valid_time: number
  readonly install_recommends?: boolean
  readonly purge?: boolean
  readonly lock_timeout: number
}

interface Seen {
  readonly known: (name: string) => Known | undefined
  /** Virtual packages that an installed one provides. */
  readonly provided: readonly string[]
  /** The version that the lists offer. */
  readonly candidate: (name: string) => string | undefined
  /** Seconds since the lists were fetched. */
  readonly age: number | undefined
}

const has = ({ name, version }: Wanted, { known, provided }: Seen): boolean => {
  const found = known(name)
  if (found === undefined || !isThere(found)) return version === undefined && provided.includes(name)
  return isWhole(found) && (version === undefined || fits(found.version, version))
}

const newer = ({ name, version }: Wanted, { known, candidate }: Seen): boolean => {
  const found = known(name)
  const offered = candidate(name)
  if (version !== undefined || found === undefined || !isWhole(found) || offered === undefined) return false
  return offered !== '(none)' && offered !== found.version
}

const told = (found: Known | undefined): string | null =>
  found === undefined ? null : isWhole(found) ? found.version : stateOf(found)

const missing = (given: Given, wanted: readonly Wanted[], seen: Seen): readonly Change[] => {
  const stale = seen.age === undefined || seen.age > given.cache_valid_time
  const list = wanted.filter(one => !has(one, seen) || (given.state === 'latest' && newer(one, seen)))
  const refresh = given.state === 'latest' && stale
  if (list.length === 0 && !refresh) return []
  const names = list.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`))
  const side = (which: (one: Wanted) => string | null) => Object.fromEntries(list.map(one => [one.name, which(one)]))
  const broken = list.some(({ name }) => {
    const found = seen.known(name)
    return found !== undefined && isThere(found) && !isWhole(found)
  })
  return [
    {
      what: names.length === 0 ? 'refresh the package lists' : `install ${names.join(', ')}`,
      before: side(({ name }) => told(seen.known(name))),
      after: side(one => seen.candidate(one.name) ?? one.version ?? 'installed'),
      path: 'packages',
      provides: [...list.map(({ name }) => ({ kind: 'package', name }) as const), ...BROUGHT],
      sh: lines(aptGet(given.lock_timeout), broken ? sh`mend || exit` : nothing, installing(given, names, stale)),
    },
  ]
}

/** One transaction for all, so that dependencies are resolved together; lists of yesterday may name versions that are gone. */
const installing = (given: Given, names: readonly string[], stale: boolean): Script => {
  const update = sh`run apt-get -q -o DPkg::Lock::Timeout=0 update`
  if (names.length === 0) return update
  const { install_recommends } = given
  const options =
    install_recommends === undefined ? [] : [install_recommends ? '--install-recommends' : '--no-install-recommends']
  // Where there is no package 'curl+', apt-get takes it for curl.
  const plus = names.map(name => name.replace(/[:=].*/, '')).filter(name => name.endsWith('+'))
  const exist =
    plus.length === 0
      ? nothing
      : sh`for n in ${plus}; do apt-cache pkgnames "$n" | grep -qxF -e "$n" || { echo "E: there is no package '$n'" >&2; return 100; }; done`
  return lines(
    sh`install() { ${exist}
apt ${options} install -- ${names}; }`,
    stale
      ? sh`${update} && install`
      : sh`install || { echo "trying again with fresh package lists" >&2; ${update} && install; }`,
  )
}

const absent = (given: Given, wanted: readonly Wanted[], { known }: Seen): readonly Change[] => {
  const list = wanted.filter(({ name, version }) => {
    const found = known(name)
    if (found === undefined || (version !== undefined && !fits(found.version, version))) return false
    return isThere(found) || (given.purge === true && found.status[1] === 'c')
  })
  if (list.length === 0) return []
  const names = list.map(({ name }) => name)
  const verb = given.purge === true ? 'purge' : 'remove'
  return [
    {
      what: `${verb} ${names.join(', ')}`,
      before: Object.fromEntries(names.map(name => [name, told(known(name))])),
      after: Object.fromEntries(names.map(name => [name, null])),
      path: 'packages',
      provides: [],
      sh: lines(aptGet(given.lock_timeout), sh`apt ${verb} -- ${names}`),
    },
  ]
}
