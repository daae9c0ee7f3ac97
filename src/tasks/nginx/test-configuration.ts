import { type Script, sh } from '../../text/sh.ts'
import { leavingNothing } from './nginx-leavings.ts'

/** A look at what nginx says of its configuration. From 1.19.5 on, -e keeps that out of the log. */
export const testConfiguration = (
  config: string | undefined,
): Script => sh`n=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx) && {
  fact there 1
  [ "$(id -u)" = 0 ] && fact root 1
  conf=${config ?? ''}; v=$("$n" -V 2>&1)
  quiet=; number=\${v#*/}; number=\${number%%[!0-9.]*}
  case $number in 0.*|1.?|1.?.*|1.1[0-8]|1.1[0-8].*|1.19|1.19.[0-4]) ;; [0-9]*) quiet='-e /dev/null';; esac
  ${leavingNothing(sh`said=$("$n" -t -q $quiet ${config === undefined ? [] : ['-c', config]} 2>&1); code=$?`)}
  fact code "$code"; fact said "$said"
}`
