import { type Script, sh } from '../../text/sh.ts'

/**
 * nginx is told to reload by a signal, which succeeds whatever becomes of it. Its new configuration is in force once new
 * workers run and the old ones have let go of the ports; one that it refuses leaves the old workers at work.
 */
export const nginxTookIt = (reload: Script): Script => sh`pid=; [ -r /run/nginx.pid ] && read -r pid < /run/nginx.pid
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
old=$(workers) log=/var/log/nginx/error.log
size=$(wc -c 2>/dev/null < "$log")
( ${reload} ) || exit 1
[ -n "$old" ] || exit 0
i=0
while :; do
  now=" $(workers)"; stale=
  for worker in $old; do case $now in *" $worker "*) stale=1;; esac; done
  [ "$now" != ' ' ] && [ -z "$stale" ] && exit 0
  i=$((i + 1)); [ "$i" -gt 75 ] && break
  # What it refuses it says at once; ports that are taken it asks for several times before it gives up.
  tail -c "+$((size + 1))" "$log" 2>/dev/null | grep -F '[emerg]' | grep -qv ' bind() to ' && break
  sleep 0.2 2>/dev/null || sleep 1
done
echo "nginx still works with its old configuration; the end of its log:" >&2
tail -n 5 "$log" >&2; exit 1`
