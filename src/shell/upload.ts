/**
 * A command for `sh -c` that writes stdin to a new private file and prints its path. When fewer than `bytes` arrive (full
 * disk, lost connection) it removes the file. It contains neither `'` nor `!`, so that every login shell passes it on.
 */
export function uploadCommand(bytes: number, name: string): string {
  return `umask 077; f=$(mktemp "\${TMPDIR:-/tmp}/${name}.XXXXXX") || exit 1; cat > "$f" && [ "$(wc -c < "$f")" -eq ${bytes} ] && printf "%s\\036" "$f" || { rm -f "$f"; exit 1; }`
}

/** Finds the path in the output, which may begin with output of login scripts. */
export function uploadedPath(printed: string, name: string): string | undefined {
  const end = printed.lastIndexOf('\x1e')
  const middle = printed.lastIndexOf(`/${name}.`, end)
  if (end < 0 || middle < 0) return undefined
  const line = printed.slice(0, end).split('\n').at(-1) ?? ''
  return line.slice(line.indexOf('/')) || undefined
}
