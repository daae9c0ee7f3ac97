/**
 * A command of `sh -c` that keeps its stdin in a new file of the account's and prints where. Short of `bytes` (the disk
 * is full, the connection went) nothing is left behind. Neither `'` nor `!` is in it: every login shell must pass it on.
 */
export function uploadCommand(bytes: number, name: string): string {
  return `umask 077; f=$(mktemp "\${TMPDIR:-/tmp}/${name}.XXXXXX") || exit 1; cat > "$f" && [ "$(wc -c < "$f")" -eq ${bytes} ] && printf "%s\\036" "$f" || { rm -f "$f"; exit 1; }`
}

/** The path among what was printed: a login script may have its say before. */
export function uploadedPath(printed: string, name: string): string | undefined {
  const end = printed.lastIndexOf('\x1e')
  const middle = printed.lastIndexOf(`/${name}.`, end)
  if (end < 0 || middle < 0) return undefined
  const line = printed.slice(0, end).split('\n').at(-1) ?? ''
  return line.slice(line.indexOf('/')) || undefined
}
