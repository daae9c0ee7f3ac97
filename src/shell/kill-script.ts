/**
 * A script for a second shell on the host that kills a shell with its descendants and the other processes of its session.
 * They get SIGTERM first, so that a script can remove its temporary files, then SIGKILL. Closing the channel alone would
 * leave them running. Without /proc it kills the shell's process group only.
 */
export function killScript(pid: number): string {
  return `pid=${pid}
stat() { read -r line 2>/dev/null <"/proc/$1/stat" || return 1; set -- \${line##*) }; parent=$2 session=$4; }
ask() {
  kill -TERM $list 2>/dev/null
  looks=0
  while [ $looks -lt 10 ] && left; do looks=$((looks + 1)); sleep 0.1 2>/dev/null || sleep 1; done
}
left() { for one in $list; do kill -0 $one 2>/dev/null && return 0; done; return 1; }
if ! stat $pid; then
  list=-$pid
  left || list=$pid
  ask
  kill -KILL $list 2>/dev/null
  exit 0
fi
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
  if [ $tries = 1 ]; then
    ask
    kill -KILL $list 2>/dev/null
    continue
  fi
  kill -KILL $list 2>/dev/null || exit 0
done
`
}
