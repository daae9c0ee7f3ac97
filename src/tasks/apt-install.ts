import type { Change } from '../model/change.ts'
import { taskType } from '../model/task-type.ts'
import { lines, nothing, type Script, sh, userScript } from '../text/sh.ts'

const params = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', items: { type: 'string', minLength: 1 } },
      ],
      description: 'a package or a list of them; nginx=1.22.* asks for a version',
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
  state: {
    type: 'object',
    properties: {
      apt: { type: 'boolean' },
      system: { type: 'string' },
      root: { type: 'boolean' },
      /** `NAME STATUS VERSION` of each one that dpkg knows. */
      known: { type: 'array', items: { type: 'string' } },
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
    // Versions and news are compared here; otherwise the host knows whether anything is left to do, and what only a
    // change needs is not asked for: each answer is a process or two.
    const compared = state === 'latest' || wanted.some(one => one.version !== undefined)
    return lines(
      sh`if ! command -v dpkg-query >/dev/null 2>&1; then fact apt 0; ( . /etc/os-release 2>/dev/null && fact system "$PRETTY_NAME" )
else
fact apt 1
known=$(dpkg-query -W -f='\${Package} \${db:Status-Abbrev} \${Version}\n' -- ${names} 2>/dev/null)
lacks() { case "
$known" in *"
$1 ii"*|*"
$1 hi"*) return 1;; esac; }
left=${compared ? '1' : ''}
for n in ${names}; do ${state === 'absent' ? sh`lacks "$n" ||` : sh`lacks "$n" &&`} left=1; done
set -f; IFS='
'; for line in $known; do fact known "$line"; done; unset IFS; set +f
if [ -n "$left" ]; then
[ "$(id -u)" = 0 ] && fact root 1`,
      // A virtual package (mail-transport-agent) is there when another one provides it.
      sh`for n in ${names}; do lacks "$n" && dpkg-query -W -f='\${db:Status-Abbrev} \${Provides}\n' | while read -r status rest; do case "$status, $rest," in "ii,"*" $n,"*|"ii,"*" $n ("*) fact provided "$n"; break;; esac; done; done
newest=$(stat -c %Y /var/lib/apt/lists/*_Packages* /var/lib/apt/periodic/update-success-stamp 2>/dev/null | sort -rn | head -n 1)
set -- /var/lib/apt/lists/*_Packages*
[ -e "$1" ] && [ -n "$newest" ] && fact age $(( $(date +%s) - newest ))
fi`,
      state === 'latest'
        ? sh`LC_ALL=C apt-cache policy ${names} 2>/dev/null | while read -r key value; do case $key in Candidate:) fact candidate "$n $value";; Installed:|Version) ;; *:) [ -z "$value" ] && n=\${key%:};; esac; done`
        : nothing,
      sh`fi`,
    )
  },
  plan: (params, found, { pending }) => {
    const given: Given = {
      ...params,
      state: params.state ?? 'present',
      cache_valid_time: params.cache_valid_time ?? 86_400,
      lock_timeout: params.lock_timeout ?? 300,
    }
    const wanted = wantedOf(params.name)
    if (found.apt !== true)
      return {
        changes: [],
        problem: `apt-install needs Debian or Ubuntu (dpkg and apt-get): this host is ${found.system === undefined || found.system === '' ? 'neither' : found.system}`,
      }
    const installed = new Map<string, string>()
    for (const line of found.known ?? []) {
      const [name = '', status = '', version = ''] = line.split(' ').filter(word => word !== '')
      if (status.startsWith('ii') || status.startsWith('hi')) installed.set(name, version)
    }
    const has = ({ name, version }: Wanted) =>
      version === undefined
        ? installed.has(name) || (found.provided ?? []).includes(name)
        : installed.has(name) && glob(version).test(installed.get(name) ?? '')
    const changes =
      given.state === 'absent'
        ? absent(
            given,
            wanted.filter(({ name }) => installed.has(name)),
            installed,
          )
        : missing(given, wanted, { has, installed, found })
    if (changes.length > 0 && found.root !== true && pending.length === 0)
      return { changes: [], problem: 'apt-install needs root: add become: true' }
    return changes
  },
  samples: [
    { title: 'one that every Debian has', params: { name: 'dpkg' }, needs: ['debian'], expect: 'converged' },
    {
      title: 'several at once, a version among them',
      params: { name: ['dpkg', 'base-files=*'] },
      needs: ['debian'],
      expect: 'converged',
    },
    {
      title: 'absent and never there',
      params: { name: 'no-such-package-at-all', state: 'absent' },
      needs: ['debian'],
      expect: 'converged',
    },
    {
      title: 'a small one',
      params: { name: 'hello-traditional' },
      needs: ['debian', 'root', 'disposable'],
      given: sh`apt-get purge -y hello-traditional`,
      proof: sh`[ "$(dpkg-query -W -f='\${db:Status-Abbrev}' hello-traditional)" = 'ii ' ]`,
    },
    {
      title: 'taken away',
      params: { name: 'hello-traditional', state: 'absent', purge: true },
      needs: ['debian', 'root', 'disposable'],
      given: sh`apt-get install -y hello-traditional`,
      proof: sh`! dpkg-query -W hello-traditional 2>/dev/null`,
    },
  ],
})

interface Wanted {
  readonly name: string
  readonly version?: string
}

const wantedOf = (name: string | readonly string[]): readonly Wanted[] =>
  (typeof name === 'string' ? name.split(',') : name).map(one => {
    const [plain = '', version] = one.trim().split('=', 2)
    return version === undefined ? { name: plain } : { name: plain, version }
  })

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )

interface Given {
  readonly state: 'present' | 'latest' | 'absent'
  readonly cache_valid_time: number
  readonly install_recommends?: boolean
  readonly purge?: boolean
  readonly lock_timeout: number
}

interface Seen {
  readonly has: (wanted: Wanted) => boolean
  readonly installed: ReadonlyMap<string, string>
  readonly found: { readonly age?: number; readonly candidate?: readonly string[] }
}

const missing = (given: Given, wanted: readonly Wanted[], { has, installed, found }: Seen): readonly Change[] => {
  const stale = found.age === undefined || found.age > given.cache_valid_time
  const candidates = new Map((found.candidate ?? []).map(line => line.split(' ', 2) as [string, string]))
  const newer = ({ name, version }: Wanted) =>
    given.state === 'latest' &&
    version === undefined &&
    installed.has(name) &&
    candidates.has(name) &&
    candidates.get(name) !== installed.get(name)
  const list = wanted.filter(one => !has(one) || newer(one))
  const refresh = given.state === 'latest' && stale
  if (list.length === 0 && !refresh) return []
  const names = list.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`))
  const side = (which: (one: Wanted) => string | null) => Object.fromEntries(list.map(one => [one.name, which(one)]))
  const options =
    given.install_recommends === undefined
      ? []
      : [given.install_recommends ? '--install-recommends' : '--no-install-recommends']
  // One transaction for all, so that dependencies are resolved together; lists of yesterday may name versions that are gone.
  const install =
    names.length === 0
      ? nothing
      : sh`run apt-get -y -q -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold ${options} install ${names}`
  const script = stale
    ? sh`run apt-get -q update && ${install}`
    : sh`${install} || { echo "trying again with fresh package lists" >&2; run apt-get -q update && ${install}; }`
  return [
    {
      what: names.length === 0 ? 'refresh the package lists' : `install ${names.join(', ')}`,
      before: side(({ name }) => installed.get(name) ?? null),
      after: side(one => candidates.get(one.name) ?? one.version ?? 'installed'),
      path: 'packages',
      sh: lines(apt(given), script),
    },
  ]
}

const absent = (given: Given, list: readonly Wanted[], installed: ReadonlyMap<string, string>): readonly Change[] =>
  list.length === 0
    ? []
    : [
        {
          what: `${given.purge === true ? 'purge' : 'remove'} ${list.map(({ name }) => name).join(', ')}`,
          before: Object.fromEntries(list.map(({ name }) => [name, installed.get(name) ?? ''])),
          after: Object.fromEntries(list.map(({ name }) => [name, null])),
          path: 'packages',
          sh: lines(
            apt(given),
            sh`run apt-get -y -q ${given.purge === true ? 'purge' : 'remove'} ${list.map(({ name }) => name)}`,
          ),
        },
      ]

// apt-get waits for dpkg's lock by itself, but not for that of the lists; and no question may ever be asked.
const apt = ({ lock_timeout }: Given): Script =>
  sh`export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=l UCF_FORCE_CONFFOLD=1
run() {
  waited=0
  while :; do
    said=$("$@" -o DPkg::Lock::Timeout=${lock_timeout} 2>&1); code=$?
    case $code:$said in
      0:*) ;;
      *"Could not get lock"*|*"Unable to lock"*) if [ "$waited" -lt ${lock_timeout} ]; then sleep 2; waited=$((waited + 2)); continue; fi; echo "another apt or dpkg held its lock for ${userScript(String(lock_timeout))} s" >&2;;
    esac
    [ "$code" = 0 ] || printf '%s\n' "$said" | tail -n 15 >&2
    return "$code"
  done
}`
