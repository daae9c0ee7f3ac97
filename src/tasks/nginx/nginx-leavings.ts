import { type Script, sh } from '../../text/sh.ts'

/**
 * `nginx -t` opens what nginx would open: it makes the pid file, log files and temporary folders that are not there, and
 * gives folders to nginx's account. A look has no effect, so this runs a test and puts all that back.
 *
 * What nginx may make is found before the test: the places that it was built with (`nginx -V`) and those in its files. Files
 * are read level by level, as they include each other; a directive that stands in a comment does no harm.
 *
 * `$n` is nginx, `$v` what `nginx -V` said, `$conf` its configuration file.
 */
export const leavingNothing = (test: Script): Script => sh`prefix=/ paths=
set -f; for word in $v; do case $word in
  --prefix=*) prefix=\${word#*=};;
  --conf-path=*) conf=\${conf:-\${word#*=}};;
  --pid-path=*|--*-log-path=*|--*-temp-path=*) paths="$paths
\${word#*=}";;
esac; done; set +f
directives() { sed -e 's/^#.*//' -e 's/[[:space:]]#.*//' "$@" 2>/dev/null | tr '\n\t;{}' '  \n\n\n' | grep -E '^ *(include|pid|access_log|error_log|[a-z_]+_temp_path|[a-z_]+_cache_path) '; }
opened() {
  level=0; IFS='
'; set -- "$conf"
  while [ $# -gt 0 ] && [ $level -lt 9 ]; do
    level=$((level + 1)); set -f; found=$(directives "$@"); includes=
    for line in $found; do
      line=\${line#"\${line%%[! ]*}"}; key=\${line%% *}; value=\${line#"$key"}; value=\${value#"\${value%%[! ]*}"}
      case $value in \"*) value=\${value#?}; value=\${value%%\"*};; \'*) value=\${value#?}; value=\${value%%\'*};; *) value=\${value%% *};; esac
      case $key:$value in
        include:/*) includes="$includes
$value";;
        include:*) includes="$includes
\${conf%/*}/$value";;
        *:*[$]*|*:off|*:stderr|*:syslog:*|*:memory:*) ;;
        *:/*) printf '%s\n' "$value";;
        *) printf '%s\n' "\${prefix%/}/$value";;
      esac
    done
    set +f; set -- $includes
  done
}
absent=; there=
paths="$paths
$(opened)"
IFS='
'; set -f; for path in $paths; do
  if [ -e "$path" ] || [ -L "$path" ]; then there="$there
$path"; else absent="$absent
$path"; fi
done
owners() { [ -z "$there" ] || stat -c '%u:%g %a %n' $there 2>/dev/null; }
before=$(owners); unset IFS
${test}
IFS='
'; for path in $absent; do
  if [ -f "$path" ] && [ ! -L "$path" ]; then rm -f "$path"; elif [ -d "$path" ]; then rmdir "$path" 2>/dev/null; fi
done
if [ "$(owners)" != "$before" ]; then for line in $before; do path=\${line#* * }; whose=\${line%% *} mode=\${line#* }; chown "$whose" "$path"; chmod "\${mode%% *}" "$path"; done; fi
unset IFS; set +f`
