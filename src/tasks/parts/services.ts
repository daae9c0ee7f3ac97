import type { Change } from '../../model/change.ts'
import type { Plan } from '../../model/task-type.ts'
import { type Script, sh } from '../../text/sh.ts'

export const serviceState = {
  manager: { type: 'string' },
  known: { type: 'boolean' },
  running: { type: 'boolean' },
  enabled: { type: 'boolean' },
  pid: { type: 'integer' },
  /** When the service last became active or was told to reload, as its manager counts. */
  since: { type: 'string' },
  detail: { type: 'string' },
  /** This host's policy keeps packages from starting their services, as in most containers. */
  held: { type: 'boolean' },
} as const

export interface Service {
  readonly manager?: string
  readonly known?: boolean
  readonly running?: boolean
  readonly enabled?: boolean
  readonly pid?: number
  readonly since?: string
  readonly detail?: string
  readonly held?: boolean
}

/** systemd where it is PID 1; otherwise the init script, or a daemon that has only a pid file. */
export const lookAtService = (name: string): Script => {
  const plain = name.replace(/\.service$/, '')
  return sh`n=${plain}
if [ -x /usr/sbin/policy-rc.d ]; then /usr/sbin/policy-rc.d "$n" start >/dev/null 2>&1; [ $? = 101 ] && fact held 1; fi
if [ -d /run/systemd/system ]; then
  fact manager systemd
  systemctl show -p LoadState -p ActiveState -p SubState -p MainPID -p UnitFileState -p ActiveEnterTimestampMonotonic ${name} 2>/dev/null | {
    while IFS='=' read -r key value; do case $key in
      LoadState) [ "$value" != not-found ] && fact known 1;;
      ActiveState) [ "$value" = active ] && fact running 1; fact detail "$value";;
      MainPID) fact pid "$value";;
      UnitFileState) case $value in enabled*|static|alias|generated) fact enabled 1;; esac;;
      ActiveEnterTimestampMonotonic) fact since "$value";;
    esac; done
  }
elif [ -x "/etc/init.d/$n" ]; then
  fact manager init; fact known 1
  "/etc/init.d/$n" status >/dev/null 2>&1 && fact running 1
  set -- /etc/rc[2-5].d/S??"$n"; [ -e "$1" ] && fact enabled 1
  for f in "/run/$n.pid" "/run/$n/$n.pid"; do [ -s "$f" ] && { read -r pid < "$f"; fact pid "$pid"; break; }; done
else
  fact manager none
fi`
}

/** In a dry run, of a service whose package is still to be installed: Debian's packages enable what they bring, and start it unless the host forbids it. */
export const asInstalled = (name: string, found: Service, pending: readonly Change[]): Service => {
  const plain = name.replace(/\.service$/, '')
  const brought = pending.some(
    ({ path, after }) =>
      path === 'packages' && after !== null && typeof after === 'object' && Object.hasOwn(after, plain),
  )
  return found.known === true || !brought
    ? found
    : { ...found, known: true, enabled: true, running: found.held !== true }
}

export type Verb = 'start' | 'stop' | 'restart' | 'reload'

/** The command of the service's manager; a service that does not come up is told by what it logged. */
export const tellService = (name: string, verb: Verb, manager: string | undefined): Script => {
  const told = tellManager(name, verb, manager)
  return verb === 'reload' && /^nginx(\.service)?$/.test(name) ? nginxTookIt(told) : told
}

/**
 * nginx is told to reload by a signal, which succeeds whatever becomes of it. Its new configuration is in force once new
 * workers run and the old ones have let go of the ports; one that it refuses leaves the old workers at work.
 */
const nginxTookIt = (reload: Script): Script => sh`pid=; [ -r /run/nginx.pid ] && read -r pid < /run/nginx.pid
workers() {
  [ -n "$pid" ] || return 0
  for stat in /proc/[0-9]*/stat; do
    { read -r line < "$stat"; } 2>/dev/null || continue
    set -- "$stat" \${line##*) }
    [ "$3" = "$pid" ] || continue
    worker=\${stat#/proc/}; worker=\${worker%/stat}
    grep -q 'shutting down' "/proc/$worker/cmdline" 2>/dev/null || printf '%s ' "$worker"
  done
}
old=$(workers)
( ${reload} ) || exit 1
[ -n "$old" ] || exit 0
i=0
while :; do
  now=" $(workers)"; stale=
  for worker in $old; do case $now in *" $worker "*) stale=1;; esac; done
  [ "$now" != ' ' ] && [ -z "$stale" ] && exit 0
  i=$((i + 1)); [ "$i" -gt 75 ] && break
  sleep 0.2 2>/dev/null || sleep 1
done
echo "nginx still works with its old configuration; the end of its log:" >&2
tail -n 5 /var/log/nginx/error.log >&2; exit 1`

const tellManager = (name: string, verb: Verb, manager: string | undefined): Script =>
  manager === 'systemd'
    ? sh`systemctl ${verb === 'reload' ? 'reload-or-restart' : verb} ${name} || { systemctl status --no-pager -n 15 ${name} >&2; exit 1; }`
    : sh`${`/etc/init.d/${name.replace(/\.service$/, '')}`} ${verb} || exit 1
i=0
while [ "$i" -lt 30 ]; do
  ${`/etc/init.d/${name.replace(/\.service$/, '')}`} status >/dev/null 2>&1; code=$?
  ${verb === 'stop' ? sh`[ "$code" != 0 ]` : sh`[ "$code" = 0 ]`} && exit 0
  i=$((i + 1)); sleep 0.2 2>/dev/null || sleep 1
done
echo "its status is still $code" >&2; exit 1`

export const enableService = (name: string, on: boolean, manager: string | undefined): Script =>
  manager === 'systemd'
    ? sh`systemctl ${on ? 'enable' : 'disable'} ${name}`
    : sh`update-rc.d ${name.replace(/\.service$/, '')} ${on ? 'defaults' : 'remove'} >/dev/null && { ${on ? sh`update-rc.d ${name.replace(/\.service$/, '')} enable >/dev/null` : sh`:`}; }`

export const noService = (name: string, found: Service, pending: readonly unknown[]): Plan | undefined =>
  found.known === true || pending.length > 0
    ? undefined
    : {
        changes: [],
        problem: `there is no service '${name}' on this host (${found.manager === 'systemd' ? 'no such systemd unit' : 'systemd does not run here and /etc/init.d has no such script'})`,
      }
