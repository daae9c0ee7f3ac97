import type { Change } from '../../model/change.ts'
import type { Resource } from '../../model/resource.ts'
import { lines, type Script, sh } from '../../text/sh.ts'
import { broughtByStart, tellService } from '../kit/services.ts'

/**
 * Facts `stale`: those of `paths` (files and folders, with what is in them) that changed after the service read its
 * configuration. None when it does not run.
 *
 * A server that reads its configuration again with new workers (nginx, Apache) has read it when its oldest worker that is
 * not on its way out was started; others when the main process was started, or systemd saw them reload. What counts of a
 * file is when its inode was last changed, as `cp -p` and `mv` keep the time of modification; of a link, the link and what
 * it leads to.
 */
export const lookAtRunningConfig = (name: string, paths: readonly string[]): Script => {
  const plain = name.replace(/\.service$/, '')
  return lines(
    sh`n=${plain}
started() { { read -r line < "/proc/$1/stat"; } 2>/dev/null && { set -- \${line##*) }; echo "\${20}"; }; }
main=; reloaded=; ticks=; workers=
if [ -d /run/systemd/system ]; then
  for one in $(systemctl show -p MainPID -p StateChangeTimestampMonotonic ${name} 2>/dev/null); do case $one in
    MainPID=*) main=\${one#*=};;
    StateChangeTimestampMonotonic=*) reloaded=\${one#*=};;
  esac; done
else
  for f in "/run/$n.pid" "/run/$n/$n.pid"; do [ -s "$f" ] && { read -r main < "$f"; break; }; done
fi
if [ -n "$main" ] && [ "$main" != 0 ]; then
  ticks=$(started "$main")
  case $n in nginx|apache2)
    reloaded=
    for stat in /proc/[0-9]*/stat; do
      { read -r line < "$stat"; } 2>/dev/null || continue
      set -- "$stat" \${line##*) }
      [ "$3" = "$main" ] || continue
      worker=\${stat#/proc/}; worker=\${worker%/stat}
      grep -q 'shutting down' "/proc/$worker/cmdline" 2>/dev/null && continue
      { [ -z "$workers" ] || [ "\${21}" -lt "$workers" ]; } && workers=\${21}
    done
    ticks=\${workers:-$ticks};;
  esac
fi`,
    // Hundredths of a second since the epoch, by the clock that stamps files; whole seconds where `date` or `stat` has no more.
    sh`if [ -n "$ticks" ]; then
  read -r up _ < /proc/uptime
  now=$(date +%s%N); case $now in *N|??????????) now=$(date +%s)00;; *) now=\${now%???????};; esac
  [ -n "$reloaded" ] && [ "$((reloaded / 10000))" -gt "$ticks" ] && ticks=$((reloaded / 10000))
  read_at=$((now - \${up%.*}\${up#*.} + ticks + 2))
  format=%.2Z; case $(stat -c %.2Z / 2>/dev/null) in [0-9]*.[0-9][0-9]) ;; *) format=%Z;; esac
  find ${paths} '(' -type f -o -type l -o -type d ')' -exec stat -c "$format %n" {} + -exec stat -L -c "$format %n" {} + 2>/dev/null | while read -r when path; do
    case $when in *.*) when=\${when%.*}\${when#*.};; *) when=\${when}00;; esac
    [ "$when" -gt "$read_at" ] && fact stale "$path"
  done
fi
:`,
  )
}

/** What of `config` the running service has not read: found on the host, or about to be changed by earlier steps of a dry run. */
export const staleConfig = (
  config: readonly string[],
  found: readonly string[],
  expected: readonly Resource[],
): readonly string[] => [
  ...new Set([
    ...found,
    ...expected.flatMap(({ kind, name }) =>
      kind === 'path' && name !== undefined && config.some(read => name === read || name.startsWith(`${read}/`))
        ? [name]
        : [],
    ),
  ]),
]

export interface Apply {
  readonly name: string
  readonly manager: string | undefined
  readonly how: 'restart' | 'reload' | 'reload-or-restart'
}

/** The service reads its configuration again. When files of it are put back later, it reads those once more. */
export const applyConfig = ({ name, manager, how }: Apply, stale: readonly string[]): Change => {
  const known = manager === 'systemd' ? sh`systemctl daemon-reload` : sh`:`
  const once = (verb: 'restart' | 'reload') => lines(known, tellService(name, verb, manager))
  const script =
    how === 'reload-or-restart'
      ? sh`said=$( ( ${once('reload')} ) 2>&1 ) || { echo "$said" >&2; ${once('restart')}; }`
      : once(how)
  const files = stale.slice(0, 3).join(', ') + (stale.length > 3 ? ` and ${stale.length - 3} more` : '')
  return {
    what: `${how === 'restart' ? 'restart' : 'reload'} ${name}`,
    before: { configuration: `read before ${files} changed` },
    after: { configuration: 'read as it is now' },
    path: `service ${name}`,
    provides: broughtByStart,
    sh: script,
    afterUndo: { sh: script },
  }
}
