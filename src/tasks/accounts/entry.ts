import { type Script, sh } from '../../text/sh.ts'

/** The param that names an account or a group, as useradd and groupadd accept names. */
export const nameParam = (description: string) =>
  ({ type: 'string', pattern: '^[a-z_][a-z0-9_-]{0,31}$', description }) as const

/**
 * `entry passwd NAME` and `entry group NAME` print the line of an account or a group, whatever directory it is from, and
 * fail where there is none: with 1 or 2 when that is certain.
 */
export const entryFunction: Script = sh`entry() { if command -v getent >/dev/null; then getent "$1" "$2"; else grep "^$2:" "/etc/$1"; fi; }`

/** Leaves the line in `$entry` and reports whether it is `there`; ends the look where the accounts cannot be read. */
export const lookUp = (database: 'passwd' | 'group', name: string): Script => sh`${entryFunction}
entry=$(entry ${database} ${name}); code=$?
[ "$code" = 0 ] || { [ "$code" -le 2 ] && [ -r ${`/etc/${database}`} ]; } || { echo the accounts of this host cannot be read >&2; exit 1; }
if [ "$code" = 0 ]; then fact there 1; else fact there 0; fi`
