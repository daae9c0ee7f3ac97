import { lines, nothing, type Script, sh, userScript } from '../../text/sh.ts'
import type { Checksum } from './checksum.ts'
import { folderFunctions } from './host-folder.ts'
import { nameOf, onHost, parentOf } from './host-path.ts'
import { type Ownership, ownAndProtect, whole } from './set-attributes.ts'

export interface Writing {
  readonly dest: string
  /** Of the payload. */
  readonly checksum: Checksum
  /** What the file is to have. */
  readonly to: Ownership
  /** The regular file that is replaced: its extended attributes and access lists pass to the new one. */
  readonly old?: Checksum | undefined
  readonly backup?: boolean | undefined
  readonly validate?: string | undefined
}

/**
 * Makes a file of the payload out of reach of others, with its attributes, on the disk and compared; only then it takes
 * its place, in one step. Whatever goes wrong before leaves the old file.
 */
export function writeScript({ dest, checksum, to, old, backup, validate }: Writing): Script {
  const name = nameOf(dest)
  const o = name.startsWith('o') ? 'p' : 'o'
  return lines(
    folderFunctions,
    keepFunction,
    sh`_go ${onHost(parentOf(dest))}
n=${name} o=${o}
_nest
e=$(dd if="$payload" bs=65536 conv=fsync 2>&1 >"./$n") || _no "$f/$n could not be written: \${e%%"$nl"*}"`,
    sh`if ${whole(sh`"./$n"`, checksum)}; then :
elif ${whole(sh`"$payload"`, checksum)}; then _no "$f/$n was not written whole: $(wc -c <"./$n") of $(wc -c <"$payload") bytes; is the disk full?"
else _no "what is to be written to $f/$n did not arrive whole in \${TMPDIR:-/tmp}: is it full?"; fi`,
    // `_keep` gives the old file a second name, which changes its ctime: a file that is refused must not have come so far,
    // or a service that goes by ctimes would be restarted for a configuration that is the same.
    validate === undefined ? nothing : lines(ownAndProtect(sh`"./$n"`, to), validated(validate)),
    old === undefined ? nothing : sh`_keep`,
    validate !== undefined && old === undefined ? nothing : ownAndProtect(sh`"./$n"`, to),
    backup === true && old !== undefined ? kept(name, o, old) : nothing,
    sh`_ren "./$n" "../$n" || _no "$f/$n could not be replaced: $e"
rm -f "./$o"
_leave`,
  )
}

// Only GNU's cp copies all there is: access lists, capabilities, SELinux contexts, what users have put there. The times
// are not among it. Others can do nothing of the kind, and whatever was there is lost with them.
const keepFunction: Script = sh`
_keep() {
ln "../$n" "./$o" 2>/dev/null && [ -f "./$o" ] && [ ! -L "./$o" ] || { rm -f "./$o"; return 0; }
e=$(LC_ALL=C cp --attributes-only --preserve=all --no-preserve=timestamps,links "./$o" "./$n" 2>&1) && return
case $e in *ption*) ;; *) _no "what the old $f/$n has besides its bytes could not be kept: $e" ;; esac
}
`

// Whoever checks may be another account: it may pass through, and nobody else may write.
const validated = (command: string): Script =>
  sh`chmod 711 .
( cd 2>/dev/null || cd /; v=$f/$t/$n; ${userScript(command.replaceAll('%s', '"$v"'))}
) >&2 || _no "validate refused the new file"`

/**
 * The old file under a name with the time in it. A second name for it is enough, and cannot be half, unless it has more
 * names: through those it may change later. Two backups of one second get two names.
 */
const kept = (name: string, o: string, old: Checksum): Script =>
  lines(
    sh`if [ ! -e "./$o" ]; then e=$(cp -p "../$n" "./$o" 2>&1) || _no "no backup of $f/$n: $e"
elif [ "$(stat -c %h "./$o")" != 2 ]; then e=$(cp -p "./$o" ./${o + o} 2>&1) && e=$(mv -f ./${o + o} "./$o" 2>&1) || _no "no backup of $f/$n: $e"; fi`,
    sh`[ -f "./$o" ] && [ ! -L "./$o" ] && ${whole(sh`"./$o"`, old)} || _no "no backup of $f/$n: it changed since it was looked at, or the copy is not whole"
b=../${backupName(name)}.$(date +%Y%m%dT%H%M%S) k= i=0
while :; do
e=$(mv -nT "./$o" "$b$k~" 2>&1)
[ -e "./$o" ] || break
i=$((i + 1)) k=.$i
[ $i -lt 99 ] && { [ -e "$b~" ] || [ -L "$b~" ]; } || _no "no backup of $f/$n: $e"
done`,
  )

/** As much of a name as leaves room for the time, in whole characters. */
const backupName = (name: string): string => {
  let cut = name
  while (Buffer.byteLength(cut) > 230) cut = [...cut].slice(0, -1).join('')
  return cut
}

/** Takes a file or link away that was made where nothing was. */
export const removeScript = (path: string): Script =>
  lines(
    folderFunctions,
    sh`_go ${onHost(parentOf(path))}
n=${nameOf(path)}
rm -f "./$n"`,
  )

/** A link takes its place in one step, whatever else is there but a folder. */
export const linkScript = (target: string | Script, path: string): Script =>
  lines(
    folderFunctions,
    sh`_go ${onHost(parentOf(path))}
n=${nameOf(path)}
_nest
ln -s -- ${target} "./$n" || exit 1
_ren "./$n" "../$n" || _no "$f/$n could not be replaced: $e"
_leave`,
  )
