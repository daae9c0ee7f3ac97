import { type Script, sh } from '../../text/sh.ts'

/** Leaves the inodes of the sockets that listen on a TCP port in `$inodes` and their addresses, as the kernel spells them, in `$where`: read from /proc, so that no tool is needed. */
export const listenersOf = (port: number): Script => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return sh`inodes=; where=
for f in /proc/net/tcp /proc/net/tcp6; do [ -r "$f" ] && while read -r _ local _ st _ _ _ _ _ inode _; do case "$local $st" in *":${hex} 0A") inodes="$inodes $inode"; where="$where \${local%:*}";; esac; done < "$f"; done`
}
