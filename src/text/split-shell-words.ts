/** Splits a command into words as a shell does: blanks, quotes and backslashes, without expansion. Undefined when a quote is not closed. */
export function splitShellWords(command: string): readonly string[] | undefined {
  const found: string[] = []
  const rest = command.replace(/\\\n/g, '').matchAll(/\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(['"\\])/gs)
  let word: string | undefined
  for (const [all, single, double, escaped, plain, open] of rest) {
    if (open !== undefined) return undefined
    const part = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain
    if (part !== undefined) word = (word ?? '') + part
    else if (/^\s/.test(all) && word !== undefined) {
      found.push(word)
      word = undefined
    }
  }
  return word === undefined ? found : [...found, word]
}
