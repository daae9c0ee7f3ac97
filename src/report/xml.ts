import { stripVTControlCharacters } from 'node:util'

// XML 1.0 cannot represent these characters, not even escaped.
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

const clean = (text: string): string => stripVTControlCharacters(text).replace(FORBIDDEN, '')

export const xmlText = (text: string): string => clean(text).replace(/[&<>\r]/g, char => ENTITIES[char] ?? '')

/** Escapes an attribute value; a raw newline there would be read back as a space. */
const xmlValue = (text: string): string => clean(text).replace(/[&<>"\t\n\r]/g, char => ENTITIES[char] ?? '')

export interface Element {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | undefined>>
  readonly children?: readonly Element[]
  readonly text?: string
}

type Attributes = NonNullable<Element['attributes']>

const head = (name: string, attributes: Attributes): string =>
  name +
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${xmlValue(String(value))}"`)
    .join('')

/** An empty element. */
export const xmlEmpty = (name: string, attributes: Attributes): string => `<${head(name, attributes)}/>`

/** The opening and closing tag of an element whose content is written separately. */
export const xmlTags = (name: string, attributes: Attributes): readonly [open: string, close: string] => [
  `<${head(name, attributes)}>`,
  `</${name}>`,
]

/** An element as indented lines; text content is not indented, as its white space counts. */
export function xmlLines({ name, attributes = {}, children = [], text = '' }: Element): readonly string[] {
  const [open, close] = xmlTags(name, attributes)
  if (children.length > 0) return [open, ...children.flatMap(xmlLines).map(line => `  ${line}`), close]
  return [text === '' ? xmlEmpty(name, attributes) : `${open}${xmlText(text)}${close}`]
}
