import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { folderFunctions } from '../kit/host-folder.ts'
import { nameOf, onHost, parentOf } from '../kit/host-path.ts'
import { type Ownership, ownAndProtect } from '../kit/set-attributes.ts'

/** A folder, and how many of the names at the end of its path are not there yet. */
export interface Missing {
  readonly path: string
  readonly depth: number
}

/** Makes all missing folders out of reach of others, the last one with its attributes; they take their place in one step. */
export function makeFolders(missing: Missing, to: Ownership): Script {
  const { above, first, below } = split(missing)
  const made = ['./d', ...below].join('/')
  return lines(
    folderFunctions,
    sh`_go ${onHost(above)}
n=${first}
umask 022
_nest
mkdir -p ${made} || exit 1`,
    ownAndProtect(sh`${made}`, to),
    // Only root may rename a folder that he cannot write in.
    sh`m=; [ -w ./d ] || { m=1; chmod u+w ./d; }`,
    // Somebody else, another run perhaps, may have made it meanwhile: that is fine if it has come out the same.
    sh`if [ ! -e "../$n" ] && [ ! -L "../$n" ]; then _ren ./d "../$n" || [ -d "../$n" ] || _no "$f/$n could not be made: $e"; fi
if [ -d ./d ]; then
s=$(stat -c '%u:%g %a' ${made})
rm -rf ./d
_leave
cd -P ${`./${[first, ...below].join('/')}`} && [ "$(stat -c '%u:%g %a' .)" = "$s" ] || _no "$f/$n was made by somebody else meanwhile: run this again"
else _leave; fi`,
    to.mode === undefined || below.length > 0
      ? nothing
      : sh`[ -z "$m" ] || { cd -P "./$n" && [ -O . ] && chmod ${to.mode.padStart(5, '0')} .; }`,
  )
}

/** Takes away what `makeFolders` made, as far as it is empty. */
export function removeFolders(missing: Missing): Script {
  const { above, first, below } = split(missing)
  const all = [first, ...below].map((_, i, names) => `./${names.slice(0, names.length - i).join('/')}`)
  return lines(folderFunctions, sh`_go ${onHost(above)}`, sh`rmdir ${all}`)
}

const split = ({ path, depth }: Missing) => {
  let above = path
  const names: string[] = []
  for (let i = 0; i < Math.max(1, depth); i++) {
    names.unshift(nameOf(above))
    above = parentOf(above)
  }
  return { above, first: names[0] ?? '', below: names.slice(1) }
}
