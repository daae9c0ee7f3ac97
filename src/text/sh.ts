declare const proof: unique symbol

/** POSIX sh source in which every value was quoted. Only the `sh` tag makes one. */
export interface Script {
  readonly text: string
  readonly [proof]: true
}

type Hole = string | number | Script | readonly (string | number | Script)[]

/** A text with a NUL byte was to become a word or a script: no shell can carry one. */
export class NulByte extends Error {
  override readonly name = 'NulByte'
}

/** One word for a POSIX shell, whatever bytes it holds. Throws `NulByte`. */
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

/** The only maker of scripts: a string or number hole becomes one quoted word, a list several words, a Script goes in as it is. */
export function sh(strings: TemplateStringsArray, ...holes: readonly Hole[]): Script {
  let text = source(strings.raw[0])
  holes.forEach((hole, i) => {
    text += fill(hole) + source(strings.raw[i + 1])
  })
  return { text: dropLeadingNewline(text) } as Script
}

// Backslashes are sh's own, so the raw text counts; only what JavaScript forces to be escaped loses its backslash.
const source = (raw = ''): string => raw.replace(/\\(?=\$\{|`)/g, '')

/** Scripts one after the other, a line each. */
export function lines(...scripts: readonly Script[]): Script {
  return { text: scripts.map(script => script.text).join('\n') } as Script
}

/** A user's own script (`shell:`, `validate:`): the one place where text from a playbook becomes code, because the user wrote it as code. */
export function userScript(text: string): Script {
  if (text.includes('\0')) throw new NulByte('a NUL byte cannot be part of a command')
  return { text } as Script
}

/**
 * Runs a script of the user's in a shell of its own, with nothing on its stdin and in the host's own locale: `kill $$` and
 * `kill $PPID` in it end nothing of ours. It goes in by a pipe, as neither an argument nor a variable may show it to
 * others, and is read with the system's own `cat`, whatever PATH the task has. Its exit code is 126 where that fails.
 */
export const inOwnShell = (script: string): string =>
  `printf %s ${quote(script)} | ( if [ -n "$mlplay_locale" ]; then LC_ALL=$mlplay_locale; else unset LC_ALL; fi; /bin/sh -c 'mlplay=$(command -p cat) || exit 126; exec </dev/null; eval "$mlplay"'; exit $? )`

export const nothing: Script = { text: ':' } as Script

// Indentation of the template literal is for the reader of the source; quoted values may span lines, so only a
// leading newline is dropped and nothing else is touched.
const dropLeadingNewline = (text: string): string => text.replace(/^\n/, '').replace(/\n[ \t]*$/, '\n')
