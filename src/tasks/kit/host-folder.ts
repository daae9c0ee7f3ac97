import { type Script, sh } from '../../text/sh.ts'

/**
 * Functions for scripts that change what is in a folder which somebody else may own, root's above all. Whoever owns a
 * folder can put a link in the place of any name in it, at any moment, so no name in it is used twice:
 *
 * - `_go DIR` makes DIR the current folder. Links on the way count if they are root's, this account's, or of the owner
 *   of the folder they lead to; a link that leads into a folder of others is refused.
 * - `_nest` makes a folder there that only this account can write in, and enters it. What is made ready in it (owner,
 *   mode, contents) is out of anyone's reach. `_leave` takes it away again, and so does any end of the script.
 * - `_ren FROM TO` renames, and never into a folder, nor into one behind a link.
 * - `_whole FILE SHA256 CKSUM` compares contents; `-` stands for a digest that is not known.
 * - `_no MESSAGE` ends the script.
 *
 * At the end of a script that failed (`_end`) no process may be had any more, so the shell itself becomes rm. That it
 * fails then is meant: rm always refuses `.`. In a folder of others rm must not go by a name, which may be anything by then.
 */
export const folderFunctions: Script = sh`
nl='
'
_no() { printf '%s\n' "$*" >&2; exit 1; }
_here() { h=$(env pwd -P 2>/dev/null || pwd -P; echo /); h=\${h%?/}; h=\${h%/}; }
_go() {
case $1 in /*) ;; *) _no "$1: the host does not say where this home is" ;; esac
cd -P -- "$1" || exit 1
_here
[ "$h" != "\${1%/}" ] || return 0
own=$(stat -c %u .) me=$(id -u) r=\${1#/} p= k=0
while [ -n "$r" ]; do
c=\${r%%/*}
case $r in */*) r=\${r#*/} ;; *) r= ;; esac
case $c in '' | .) continue ;; ..) p=\${p%/*}; continue ;; esac
p=$p/$c
[ -L "$p" ] || continue
k=$((k + 1))
[ $k -lt 41 ] || _no "$1 leads through too many links"
case $(stat -c %u "$p") in
0 | "$me" | "$own") ;;
*) _no "$1 leads through the link $p into a folder of another account ($h): whoever made the link has no say over that folder; name the folder itself" ;;
esac
l=$(readlink "$p")
p=\${p%/*}
case $l in /*) p= ;; esac
r=$l/$r
done
[ "$p" = "$h" ] || _no "$1 was changed by somebody while it was looked at: nothing was done"
}
_shut() { case $(stat -c %a "$1") in '' | *[2367]? | *?[2367]) return 1 ;; esac; [ -O "$1" ]; }
_nest() {
t= in=
trap 'exit 143' HUP INT TERM
trap 'c=$?; _end; exit "$c"' EXIT
t=$(mktemp -d ./.mlplay.XXXXXX) || exit 1
t=\${t#./} f=$h
cd -P "./$t" && _here && [ "$h" = "$f/$t" ] || _no "somebody else renames things in $f/ at this moment: nothing was done"
_shut . || _no "a folder made in $f/ does not belong to this account alone: the file system there does not keep owners and modes"
in=1
}
_end() {
[ -n "$t" ] || return 0
if [ -n "$in" ]; then
[ ! -d ./d ] || rm -rf ./d
[ ! -O .. ] || exec rm -rf ./* ./.[!.]* "../$t" . 2>/dev/null
rm -f ./* ./.[!.]*
cd ..
fi
rmdir "./$t"
}
_leave() { in=; cd .. || exit 1; rmdir "./$t" 2>/dev/null; t=; }
_ren() {
i=0
until e=$(LC_ALL=C mv -fT "$1" "$2" 2>&1); do
i=$((i + 1))
case $e in
*'is a directory'*) [ -L "$2" ] && [ $i -lt 9 ] && rm -f "$2" || return 1 ;;
*ption*)
_shut .. || _no "this host's mv has no -T, without which a file cannot be put safely into a folder of others"
[ ! -L "$2" ] || rm -f "$2"
[ ! -d "$2" ] || return 1
e=$(mv -f "$1" "$2" 2>&1)
return ;;
*) return 1 ;;
esac
done
}
_whole() {
if [ "$2" != - ] && s=$(sha256sum <"$1" 2>/dev/null) && [ -n "$s" ]; then [ "\${s%% *}" = "$2" ]; return; fi
[ "$3" != - ] && s=$(cksum <"$1" 2>/dev/null) || _no "$1 cannot be compared: neither sha256sum nor cksum can read it"
set -- "$3" $s
[ "$1" = "$2 $3" ]
}
`
