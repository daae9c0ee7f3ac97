/** Splits a command as a shell splits words: blanks, single and double quotes, backslashes; nothing is expanded. `undefined` when a quote is left open. */
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
