// Code frames show the user's file; values that look like secrets are masked in them.
const words =
  'pass|password|passwd|passphrase|pwd|pw|secret|token|credential|credentials|api_?key|access_?key|secret_?key|private_?key|auth_?key'
const secretName = new RegExp(`(?:^|[^a-z0-9])(?:${words})s?$`, 'i')
const camelName = /(?:Password|Passwd|Secret|Token|ApiKey|AccessKey|SecretKey|PrivateKey)$/

/** True for the name of a key or variable that holds a secret: `db_password`, `API_TOKEN`. */
export const namesSecret = (name: string): boolean => secretName.test(name) || camelName.test(name)

/** Characters before the shown position that are scanned: a line may have megabytes. */
const SCANNED = 4000

/**
 * A line of a file with secrets masked; columns do not move. Of a long line only the part up to `end` is processed, as
 * nothing after it is shown.
 */
export function withoutSecrets(lines: readonly string[], shown: number, end = 400): string {
  const whole = lines[shown] ?? ''
  const start = Math.max(0, end - SCANNED)
  return whole.slice(0, start) + cleaned(whole.slice(start, end), lines, shown) + whole.slice(end)
}

function cleaned(line: string, lines: readonly string[], shown: number): string {
  if (blockOf(lines, shown) || inNoLogTask(lines, shown))
    return line.replace(/^(\s*(?:- )?(?:[\w.-]+:\s)?)(.*)$/, (_, key: string, value: string) => key + masked(value))
  return withoutNested(line)
    .replace(/(["']?)([A-Za-z_][\w.-]*)\1(\s*[:=]\s*)(?=\S)/g, '$&\u0000')
    .split('\u0000')
    .reduce((before, piece) => {
      const [, key = '', sign = ''] = /["']?([A-Za-z_][\w.-]*)["']?\s*([:=])\s*$/.exec(before) ?? []
      return before + (namesSecret(key) ? maskedStart(piece, sign) : piece)
    }, '')
    .replace(/(:\/\/[^\s:/@]*:)([^\s/@]+)(?=@)/g, (_, head: string, secret: string) => head + masked(secret))
}

// A map or list below a secret key: the whole line is masked.
const withoutNested = (line: string): string => {
  for (const found of line.matchAll(/["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(?=[{[](?!\{))/g))
    if (namesSecret(found[1] ?? '')) {
      const end = found.index + found[0].length
      return line.slice(0, end) + masked(line.slice(end))
    }
  return line
}

/** Masks the value at the beginning of a text: quoted, or up to its end in YAML or INI. */
const maskedStart = (text: string, sign: string): string => {
  const bare = sign === '=' ? /^[^\s,}\]#]+/ : /^[^\s,}\]#][^,}]*?(?=\s*(?:[,}\]]|\s#|$))/
  const value = (/^(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)/.exec(text) ?? bare.exec(text))?.[0] ?? ''
  return (isPlain(value) ? value : masked(value)) + text.slice(value.length)
}

// Templates, booleans and maps are no secrets.
const isPlain = (value: string): boolean =>
  /^["']?\{\{.*\}\}["']?$/.test(value) ||
  /^(?:true|false|null|~|yes|no|[|>][+-]?\d?|[{[]|!\w+|\*\w+|"|'|""|'')$/i.test(value)

const masked = (value: string): string => value.replace(/[^\s"'](?=.)|[^\s"']$/gu, '*')

const indentOf = (line: string): number => line.length - line.trimStart().length

/** True inside a block scalar whose key is secret. */
const blockOf = (lines: readonly string[], at: number): boolean => {
  const own = indentOf(lines[at] ?? '')
  for (let i = at - 1; i >= 0 && at - i < 200; i--) {
    const line = lines[i] ?? ''
    if (line.trim() === '' || indentOf(line) >= own) continue
    const key = /([\w.-]+)["']?\s*:\s*(?:!\w+\s*)?[|>][+-]?\d?\s*(?:#.*)?$/.exec(line.slice(0, 400))?.[1]
    return key !== undefined && namesSecret(key)
  }
  return false
}

/** True inside a task with `no_log: true`. */
const inNoLogTask = (lines: readonly string[], at: number): boolean => {
  if (/^\s*(?:- )?(?:name|no_log|when|register|tags|notify):/.test(lines[at] ?? '')) return false
  const starts = (line: string) => /^\s*- /.test(line)
  let from = at
  const own = indentOf(lines[at] ?? '')
  while (from > 0 && at - from < 100 && !(starts(lines[from] ?? '') && indentOf(lines[from] ?? '') <= own)) from--
  const indent = indentOf(lines[from] ?? '')
  let to = from + 1
  while (
    to < lines.length &&
    to - from < 200 &&
    ((lines[to] ?? '').trim() === '' || indentOf(lines[to] ?? '') > indent)
  )
    to++
  return lines.slice(from, to).some(line => /(?:^|[\s{,])no_log:\s*(?:true|yes)\b/i.test(line))
}
