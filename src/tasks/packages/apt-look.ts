import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { wantedOf } from './package-names.ts'

/** Facts that the look prints. */
export const aptState = {
  type: 'object',
  properties: {
    apt: { type: 'boolean' },
    system: { type: 'string' },
    /** `NAME STATUS VERSION ARCHITECTURE` of each one that dpkg knows. */
    known: { type: 'array', items: { type: 'string' } },
    /** What dpkg-query said when it could not look. */
    broken: { type: 'string' },
    /** Virtual packages that an installed one provides. */
    provided: { type: 'array', items: { type: 'string' } },
    /** `NAME VERSION` that the lists offer, asked for with `latest` only. */
    candidate: { type: 'array', items: { type: 'string' } },
    /** Seconds since the lists were fetched; absent without lists. */
    age: { type: 'integer' },
  },
} as const

interface Asked {
  readonly name: string | readonly string[]
  readonly state: 'present' | 'latest' | 'absent'
}

/** How a host that has dpkg has some packages. */
export function lookAtPackages({ name, state }: Asked): Script {
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
}
