/**
 * A script for a second shell on the host that kills a shell there with all that came of it: what descends from it and
 * what shares its session. Closing the channel alone would leave it running. Where there is no /proc, the shell's
 * process group must do.
 */
export function killScript(pid: number): string {
  return `pid=${pid}
stat() { read -r line 2>/dev/null <"/proc/$1/stat" || return 1; set -- \${line##*) }; parent=$2 session=$4; }
if ! stat $pid; then kill -KILL -$pid 2>/dev/null || kill -KILL $pid 2>/dev/null; exit 0; fi
lead=$session
mine=$$; stat $$ && own=$session
tries=0
while [ $tries -lt 10 ]; do
  tries=$((tries + 1)) list=" $pid " grown=1
  while [ $grown = 1 ]; do
    grown=0
    for one in /proc/[0-9]*; do
      one=\${one#/proc/}
      case "$list" in *" $one "*) continue ;; esac
      [ $one != $mine ] && stat $one || continue
      case "$list" in
        *" $parent "*) ;;
        *) [ "$session" = "$lead" ] && [ "$lead" != 0 ] && [ "$lead" != "$own" ] || continue ;;
      esac
      list="$list$one " grown=1
    done
  done
  kill -KILL $list 2>/dev/null || exit 0
done
`
}
