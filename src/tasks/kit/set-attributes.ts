import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import type { Checksum } from './checksum.ts'
import { folderFunctions } from './host-folder.ts'
import { nameOf, onHost, parentOf, plainPath } from './host-path.ts'

/** Owner and group as numbers, or as names where those are not known yet; four octal digits. */
export interface Ownership {
  readonly uid?: string
  readonly gid?: string
  readonly mode?: string
}

/** Owner first: chown takes away set-id bits. Five digits: with four, GNU's chmod leaves those of folders. */
export function ownAndProtect(file: Script, { uid, gid, mode }: Ownership): Script {
  const whose = uid === undefined && gid === undefined ? undefined : `${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`
  return lines(
    // A chown to what is so already would still take set-id bits and capabilities away.
    whose === undefined ? nothing : sh`[ "$(stat -c %u:%g ${file})" = ${whose} ] || chown ${whose} ${file} || exit 1`,
    mode === undefined ? nothing : sh`chmod ${mode.padStart(5, '0')} ${file} || exit 1`,
  )
}

export const whole = (file: Script, { sha256 = '-', cksum = '-' }: Checksum): Script =>
  sh`_whole ${file} ${sha256} ${cksum}`

/**
 * Sets what a file has, on the very file that was looked at: a second name for it, where nobody else can swap it, is
 * compared with what was seen and then used. Who may not write in the folder can only spoil files of his own.
 */
export function setOnFile(
  path: string,
  how: { readonly from: Ownership; readonly to: Ownership; readonly checksum?: Checksum | undefined },
): Script {
  const seen = `${how.from.uid}:${how.from.gid} ${Number.parseInt(how.from.mode ?? '', 8).toString(8)}`
  const same = sh`[ -f "$o" ] && [ ! -L "$o" ] && [ "$(stat -c '%u:%g %a' "$o")" = ${seen} ]`
  return lines(
    folderFunctions,
    sh`_go ${onHost(parentOf(path))}
n=${nameOf(path)} o=./o t= f=$h
if [ ! -w . ]; then o=./$n
else
_nest
ln "../$n" ./o 2>/dev/null || { _shut .. && o=../$n; } || _no "$f/$n cannot be held by a second name (ln), and the folder belongs to others: nothing was done"
fi
${same}${how.checksum === undefined ? sh`` : sh` && ${whole(sh`"$o"`, how.checksum)}`} || _no "$f/$n is not what it was when it was looked at: nothing was done"`,
    ownAndProtect(sh`"$o"`, how.to),
    sh`[ -z "$t" ] || { rm -f ./o && _leave; }`,
  )
}

/** Sets what a folder has, on the very folder that was looked at. */
export const setOnFolder = (
  path: string,
  { to, id }: { readonly to: Ownership; readonly id?: string | undefined },
): Script =>
  lines(
    folderFunctions,
    sh`_go ${onHost(plainPath(path))}`,
    id === undefined
      ? nothing
      : sh`[ "$(stat -c %d:%i .)" = ${id} ] || _no "$h is not the folder that was looked at: nothing was done"`,
    ownAndProtect(sh`.`, to),
  )
