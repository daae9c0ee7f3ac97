import { type Script, sh } from '../../text/sh.ts'

/**
 * Leaves the inodes of the sockets that listen on a TCP port in `$inodes` and their addresses, as the kernel spells them,
 * in `$where`, and their accounts in `$uids`: read from /proc, so that no tool beyond grep is needed. A shell alone would read the kernel's table byte by
 * byte, and a busy server has thousands of lines in it.
 */
export const listenersOf = (port: number): Script => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return sh`inodes=; where=; uids=
for socket in $(grep -h ${`:${hex} [0-9A-F]*:0000 0A `} /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ local _ _ _ _ _ uid _ inode _; do echo "\${local%:*}/$uid/$inode"; done); do inodes="$inodes \${socket##*/}"; where="$where \${socket%%/*}"; socket=\${socket#*/}; uids="$uids \${socket%/*}"; done`
}
