export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'dim' | 'bold'

/** Colours a text, or returns it unchanged when colours are off. */
export type Paint = (colour: Colour, text: string) => string

const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
}

export const painted: Paint = (colour, text) => {
  const [on, off] = CODES[colour]
  return text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`
}

export const unpainted: Paint = (_colour, text) => text

export const paintWith = (colour: boolean): Paint => (colour ? painted : unpainted)
