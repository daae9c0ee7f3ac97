import { type Script, sh } from '../../text/sh.ts'

/**
 * `run COMMAND...` runs apt-get or dpkg: no question is ever asked, locks that others hold are waited for, and what was
 * said goes to stderr when it fails. `mend` finishes what an earlier run was interrupted in.
 *
 * All waiting together takes `lockTimeout` seconds, by a clock that does not jump; apt-get itself waits for none, as it
 * does so for some of its locks only.
 *
 * A package system that is left in the middle needs a person, so apt-get and dpkg go on to their end when the task is
 * cancelled or the connection is lost: in a session of their own, and writing to a file, as a pipe without a reader ends them.
 */
export const aptGet = (
  lockTimeout: number,
): Script => sh`export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_MODE=l UCF_FORCE_CONFFOLD=1
now() { read -r up _ < /proc/uptime; echo "\${up%.*}"; }
deadline=$(( $(now) + ${lockTimeout} ))
to_its_end() {
  out=$(mktemp "\${TMPDIR:-/tmp}/mlplay-apt.XXXXXX") && command -v setsid >/dev/null || { rm -f "$out"; "$@" 2>&1 </dev/null; return; }
  asker=$(exec sh -c 'echo "$PPID"')
  ( setsid sh -c 'trap "" HUP INT TERM; out=$1 asker=$2; shift 2
"$@" >"$out" 2>&1; echo "$?" >"$out.ended"
if kill -0 "$asker" 2>/dev/null; then mv "$out.ended" "$out.code"; else rm -f "$out" "$out.ended"; fi' apt "$out" "$asker" "$@" </dev/null >/dev/null 2>&1 & )
  while [ ! -e "$out.code" ]; do sleep 0.1 2>/dev/null || sleep 1; done
  read -r ended < "$out.code"; cat "$out"; rm -f "$out" "$out.code"
  return "$ended"
}
run() {
  while :; do
    said=$(to_its_end "$@"); code=$?
    [ "$code" = 0 ] && return 0
    case $said in *"Could not get lock"*|*"Unable to lock"*|*"lock was locked by another process"*)
      [ "$(now)" -lt "$deadline" ] && { sleep 1; continue; }
      printf '%s\n' "$said" | grep -i lock | head -n 3 >&2
      echo another apt or dpkg held its lock for ${lockTimeout} s >&2; exit "$code";;
    esac
    printf '%s\n' "$said" | tail -n 15 >&2
    return "$code"
  done
}
mend() { run dpkg --force-confdef --force-confold --configure -a || apt -f install; }
apt() {
  run apt-get -y -q -o DPkg::Lock::Timeout=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" && return
  failed=$code
  case $said in *"dpkg was interrupted"*|*"--fix-broken install"*) ;; *) return "$failed";; esac
  [ "$1" != -f ] || return "$failed"
  echo 'an earlier installation was interrupted: it is finished first' >&2
  mend && run apt-get -y -q -o DPkg::Lock::Timeout=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}`
