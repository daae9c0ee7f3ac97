declare const proof: unique symbol

/** POSIX sh source in which every value is quoted. Only the `sh` tag creates one. */
export interface Script {
  readonly text: string
  readonly [proof]: true
}

type Hole = string | number | Script | readonly (string | number | Script)[]

/** A word or script with a NUL byte, which no shell can represent. */
export class NulByte extends Error {
  override readonly name = 'NulByte'
}

/** Quotes a text as one word for a POSIX shell. Throws `NulByte`. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new NulByte('a NUL byte cannot be part of a command')
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

const isScript = (hole: Hole): hole is Script => typeof hole === 'object' && 'text' in hole

const fill = (hole: Hole): string => {
  if (Array.isArray(hole)) return hole.map(fill).join(' ')
  if (typeof hole === 'object' && isScript(hole)) return hole.text
  return quote(String(hole))
}

/** The only way to create a script: a string or number becomes one quoted word, a list several words, a Script is inserted as it is. */
export function sh(strings: TemplateStringsArray, ...holes: readonly Hole[]): Script {
  let text = source(strings.raw[0])
  holes.forEach((hole, i) => {
    text += fill(hole) + source(strings.raw[i + 1])
  })
  return { text: dropLeadingNewline(text) } as Script
}

// Uses the raw text, as backslashes belong to sh; only those that JavaScript requires are removed.
const source = (raw = ''): string => raw.replace(/\\(?=\$\{|`)/g, '')

/** Joins scripts, one per line. */
export function lines(...scripts: readonly Script[]): Script {
  return { text: scripts.map(script => script.text).join('\n') } as Script
}

/** A user's own script (`shell:`, `validate:`): the only place where text of a playbook becomes code. */
export function userScript(text: string): Script {
  if (text.includes('\0')) throw new NulByte('a NUL byte cannot be part of a command')
  return { text } as Script
}

/**
 * Runs a user's script in its own shell, with stdin from /dev/null and in the host's locale, so that `kill $$` and
 * `kill $PPID` in it do not end our shell. It is passed through a pipe, as arguments and variables are visible to others,
 * and read with the system's `cat`, whatever PATH the task sets. The exit code is 126 when that fails.
 */
export const inOwnShell = (script: string): string =>
  `printf %s ${quote(script)} | ( if [ -n "$mlplay_locale" ]; then LC_ALL=$mlplay_locale; else unset LC_ALL; fi; /bin/sh -c 'mlplay=$(command -p cat) || exit 126; exec </dev/null; eval "$mlplay"'; exit $? )`

export const nothing: Script = { text: ':' } as Script

// Drops only the leading newline and the indentation of the last line: quoted values may span lines, so the indentation
// of other lines must stay.
const dropLeadingNewline = (text: string): string => text.replace(/^\n/, '').replace(/\n[ \t]*$/, '\n')
