import { expects, type Resource } from '../../model/resource.ts'
import type { Plan } from '../../model/task-type.ts'
import { type Script, sh } from '../../text/sh.ts'
import { nginxTookIt } from './nginx-reload.ts'

export const serviceState = {
  manager: { type: 'string' },
  known: { type: 'boolean' },
  /** It runs now. */
  running: { type: 'boolean' },
  /** It is of the kind that does its work and ends, and it did so since the machine started. */
  done: { type: 'boolean' },
  /** `enabled`, `disabled`, `static`, `masked` ... as systemd says. */
  startup: { type: 'string' },
  pid: { type: 'integer' },
  /** When the service last became active or was told to reload, as its manager counts. */
  since: { type: 'string' },
  detail: { type: 'string' },
  /** A condition of its unit does not hold: it is not started, and that is no failure. */
  unmet: { type: 'boolean' },
  /** This host's policy keeps packages from starting their services, as in most containers. */
  held: { type: 'boolean' },
  /** What the manager said when it could not look. */
  broken: { type: 'string' },
} as const

export interface Service {
  readonly manager?: string
  readonly known?: boolean
  readonly running?: boolean
  readonly done?: boolean
  readonly startup?: string
  readonly pid?: number
  readonly since?: string
  readonly detail?: string
  readonly unmet?: boolean
  readonly held?: boolean
  readonly broken?: string
}

/** systemd where it is PID 1; otherwise the init script, or a daemon that has only a pid file. */
export const lookAtService = (name: string): Script => {
  const plain = unitName(name)
  return sh`n=${plain} known= pid=
links() { set -- /etc/rc[2-5].d/S??"$n"; if [ -e "$1" ]; then fact startup enabled; else fact startup disabled; fi; }
if [ -d /run/systemd/system ]; then
  fact manager systemd
  shown=$(systemctl show -p LoadState -p ActiveState -p SubState -p Type -p Result -p MainPID -p UnitFileState -p ActiveEnterTimestampMonotonic -p InactiveEnterTimestampMonotonic -p ConditionResult -p ConditionTimestampMonotonic -- ${name} 2>&1) && case $shown in *LoadState=*) ;; *) false;; esac || fact broken "$shown"
  type= result= active= sub= left= tried= unmet= generated=
  set -f; IFS='
'; for line in $shown; do value=\${line#*=}; case $line in
    LoadState=not-found) ;;
    LoadState=*) known=1;;
    ActiveState=*) active=$value;;
    SubState=*) sub=$value;;
    Type=*) type=$value;;
    Result=*) result=$value;;
    MainPID=*) pid=$value; fact pid "$value";;
    UnitFileState=generated) generated=1;;
    UnitFileState=*) fact startup "$value";;
    ActiveEnterTimestampMonotonic=*) fact since "$value";;
    InactiveEnterTimestampMonotonic=*) left=$value;;
    ConditionResult=no) unmet=1;;
    ConditionTimestampMonotonic=*) tried=$value;;
  esac; done; unset IFS; set +f
  # Made from an init script, which is enabled as such.
  [ -z "$generated" ] || links
  case $active in active|reloading|refreshing) fact running 1; known=1;; deactivating|activating) known=1;; esac
  case $active:$type:$result in inactive:oneshot:success) [ "\${left:-0}" != 0 ] && fact done 1;; esac
  [ -n "$unmet" ] && [ "\${tried:-0}" != 0 ] && fact unmet 1
  fact detail "$active\${sub:+ ($sub)}"
elif [ -x "/etc/init.d/$n" ]; then
  fact manager init; known=1; links
  "/etc/init.d/$n" status >/dev/null 2>&1 && fact running 1
  for f in "/run/$n.pid" "/run/$n/$n.pid"; do [ -s "$f" ] && { read -r pid < "$f"; fact pid "$pid"; break; }; done
else
  fact manager none
fi
if [ -n "$known" ]; then fact known 1
elif [ -x /usr/sbin/policy-rc.d ]; then /usr/sbin/policy-rc.d "$n" start >/dev/null 2>&1; [ $? = 101 ] && fact held 1; fi`
}

/** In a dry run, of a service whose package is still to be installed: Debian's packages enable what they bring, and start it unless the host forbids it. */
export const asInstalled = (name: string, found: Service, expected: readonly Resource[]): Service =>
  found.known !== true && expects(expected, 'package', unitName(name)) === 'certain'
    ? { ...found, known: true, startup: 'enabled', running: found.held !== true }
    : found

const unitName = (name: string): string => name.replace(/\.service$/, '')

/** Whether earlier steps of a dry run may bring the service: its package, or a file that defines it. */
const mayCome = (name: string, expected: readonly Resource[]): boolean => {
  const files = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system'].flatMap(folder =>
    // A unit of a template, `app@1`, comes with the file of the template.
    [unitName(name), unitName(name).replace(/@.*/, '@')].map(unit => `${folder}/${unit}.service`),
  )
  return (
    expects(expected, 'service', unitName(name)) !== undefined ||
    [...files, `/etc/init.d/${unitName(name)}`].some(file => expects(expected, 'path', file) !== undefined)
  )
}

/** It runs, or it has done what it is there for. */
export const isUp = ({ running, done }: Service): boolean => running === true || done === true

/** On its way to run or to stop: neither is so yet. A service that is started again and again is on its way for ever. */
export const isBusy = ({ detail }: Service): boolean => /^(de)?activating/.test(detail ?? '')

export type Verb = 'start' | 'stop' | 'restart' | 'reload'

/** The command of the service's manager; a service that does not come up is told by what it logged. */
export const tellService = (name: string, verb: Verb, manager: string | undefined): Script => {
  const told = tellManager(name, verb, manager)
  const confirmed = verb === 'reload' ? confirmedReloads.get(unitName(name)) : undefined
  return confirmed === undefined ? told : confirmed(told)
}

/** Services whose reload succeeds whatever becomes of it, each with a script that waits for what did. */
const confirmedReloads: ReadonlyMap<string, (reload: Script) => Script> = new Map([['nginx', nginxTookIt]])

const tellManager = (name: string, verb: Verb, manager: string | undefined): Script =>
  manager === 'systemd'
    ? sh`systemctl ${verb === 'reload' ? 'reload-or-restart' : verb} -- ${name} || { systemctl status --no-pager -n 15 -- ${name} >&2; exit 1; }`
    : sh`${`/etc/init.d/${unitName(name)}`} ${verb} || exit 1
i=0
while [ "$i" -lt 30 ]; do
  ${`/etc/init.d/${unitName(name)}`} status >/dev/null 2>&1; code=$?
  ${verb === 'stop' ? sh`[ "$code" != 0 ]` : sh`[ "$code" = 0 ]`} && exit 0
  i=$((i + 1)); sleep 0.2 2>/dev/null || sleep 1
done
echo "its status is still $code" >&2; exit 1`

/** Whether a service starts with the machine, and what keeps it from being told to. */
export function startupOf(
  name: string,
  { startup = '' }: Service,
): { readonly enabled: boolean; readonly never?: string } {
  switch (startup) {
    case 'enabled':
    case 'alias':
      return { enabled: true }
    case 'static':
      return { enabled: false, never: `${name} is static: others start it, and nothing makes it start by itself` }
    case 'indirect':
      return { enabled: false, never: `${name} is not enabled by itself: its unit names others (Also=) to be enabled` }
    case 'transient':
      return { enabled: false, never: `${name} is transient: it is gone with the next start of the machine` }
    case 'masked':
    case 'masked-runtime':
      return { enabled: false, never: `${name} is masked: 'systemctl unmask ${name}' lets it be` }
    case 'bad':
      return { enabled: false, never: `systemd cannot read the unit of ${name}` }
    default:
      return { enabled: false }
  }
}

/** What is enabled until the next start only has to be enabled for good, or disabled twice. */
export const enableService = (name: string, on: boolean, { manager, startup }: Service): Script => {
  const plain = unitName(name)
  if (manager !== 'systemd')
    return sh`update-rc.d ${plain} ${on ? 'defaults' : 'remove'} >/dev/null && { ${on ? sh`update-rc.d ${plain} enable >/dev/null` : sh`:`}; }`
  if (on) return sh`systemctl enable -- ${name}`
  return startup === 'enabled-runtime'
    ? sh`systemctl disable --runtime -- ${name} && systemctl disable -- ${name}`
    : sh`systemctl disable -- ${name}`
}

/** Why a service cannot be dealt with, or undefined. */
export const noService = (name: string, found: Service, expected: readonly Resource[]): Plan | undefined =>
  found.broken !== undefined
    ? { changes: [], problem: `systemctl cannot say how ${name} is: ${found.broken.trim() || 'it says nothing'}` }
    : found.known === true || mayCome(name, expected)
      ? undefined
      : {
          changes: [],
          problem: `there is no service '${name}' on this host (${found.manager === 'systemd' ? 'no such systemd unit' : 'systemd does not run here and /etc/init.d has no such script'})`,
        }

/** Schema of a param that names a service. */
export const serviceName = {
  type: 'string',
  pattern: '^[A-Za-z0-9@_.:\\\\][A-Za-z0-9@_.:\\\\-]*$',
  description: 'the service, as systemd or /etc/init.d knows it',
} as const

/** What a service may bring when it starts: a folder or a socket below /run, its first files. */
export const broughtByStart: readonly Resource[] = [{ kind: 'path' }]

/** As `tellService`, for a unit that may have been written a moment ago. */
export const tellAnew = (name: string, verb: Verb, manager: string | undefined): Script => {
  const told = tellService(name, verb, manager)
  return manager === 'systemd' ? sh`systemctl daemon-reload; ${told}` : told
}

/** Fact `boot` of the main process, after `lookAtService`: its start tells a restart from one that did nothing. */
export const lookAtMainProcess = (name: string): Script =>
  sh`[ -n "$pid" ] || { [ -d /run/systemd/system ] && pid=$(systemctl show -p MainPID --value -- ${name} 2>/dev/null); }
[ -n "$pid" ] && [ "$pid" != 0 ] && [ -r "/proc/$pid/stat" ] && { read -r stat < "/proc/$pid/stat"; set -- \${stat##*) }; fact boot "$pid-\${20}"; }`
