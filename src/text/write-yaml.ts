// Writes YAML byte for byte as libyaml does, which Ansible's filters use: the output ends up in files.

export type YamlTree =
  | {
      readonly kind: 'scalar'
      readonly text: string /** A text, which may need quotes lest it be read as something else. */
      readonly isText: boolean
    }
  | { readonly kind: 'list'; readonly items: readonly YamlTree[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [key: YamlTree, value: YamlTree])[] }

export interface YamlStyle {
  readonly indent: number
  readonly width: number
  /** Flow style: for all collections, for none, or (null) for those that contain only scalars. */
  readonly flow: boolean | null
  readonly explicitStart: boolean
  readonly explicitEnd: boolean
}

/** Writes one document, with a final newline. */
export function writeYaml(tree: YamlTree, style: YamlStyle): string {
  const writer = new Writer(style)
  return writer.document(tree)
}

interface Place {
  readonly indent: number
  /** A mapping key, which must fit on one line. */
  readonly simple: boolean
  /** Inside flow style. */
  readonly flow?: boolean
}

class Writer {
  private out = ''
  private column = 0
  private readonly style: YamlStyle
  constructor(style: YamlStyle) {
    this.style = style
  }

  document(tree: YamlTree): string {
    if (this.style.explicitStart) this.put('---')
    const scalar = tree.kind === 'scalar'
    if (this.style.explicitStart && (scalar || this.flows(tree))) this.put(' ')
    else if (this.style.explicitStart) this.line(0)
    this.node(tree, { indent: scalar ? this.style.indent : 0, simple: false })
    if (!this.out.endsWith('\n')) this.put('\n')
    if (this.style.explicitEnd) this.put('...\n')
    return this.out
  }

  private put(text: string): void {
    this.out += text
    const at = text.lastIndexOf('\n')
    this.column = at < 0 ? this.column + [...text].length : [...text.slice(at + 1)].length
  }

  private line(indent: number): void {
    this.put(`\n${' '.repeat(indent)}`)
  }

  private flows(tree: YamlTree): boolean {
    if (tree.kind === 'scalar') return false
    const children = tree.kind === 'list' ? tree.items : tree.entries.flat()
    if (children.length === 0) return true
    return this.style.flow ?? children.every(child => child.kind === 'scalar')
  }

  private node(tree: YamlTree, at: Place): void {
    if (tree.kind === 'scalar') this.scalar(tree, at)
    else if (at.flow === true || this.flows(tree)) this.flow(tree, at.indent)
    else this.block(tree, at.indent)
  }

  private flow(tree: Exclude<YamlTree, { kind: 'scalar' }>, indent: number): void {
    const [open, close] = tree.kind === 'list' ? '[]' : '{}'
    this.put(open as string)
    const inner = indent + this.style.indent
    const children = tree.kind === 'list' ? tree.items : tree.entries
    children.forEach((child, i) => {
      if (i > 0) this.put(',')
      if (this.column > this.style.width) this.line(inner)
      else if (i > 0) this.put(' ')
      if (Array.isArray(child)) {
        const [key, value] = child as readonly [YamlTree, YamlTree]
        this.node(key, { indent: inner, simple: true, flow: true })
        this.put(': ')
        this.node(value, { indent: inner, simple: false, flow: true })
      } else this.node(child as YamlTree, { indent: inner, simple: false, flow: true })
    })
    this.put(close as string)
  }

  private block(tree: Exclude<YamlTree, { kind: 'scalar' }>, indent: number): void {
    const children = tree.kind === 'list' ? tree.items : tree.entries
    children.forEach((child, i) => {
      if (i > 0) this.line(indent)
      if (!Array.isArray(child)) {
        // After the dash, pad to the next indentation level.
        this.put('-')
        const item = child as YamlTree
        const blocky = item.kind !== 'scalar' && !this.flows(item)
        this.put(' '.repeat(blocky ? Math.max(1, this.style.indent - 1) : 1))
        this.node(item, { indent: indent + this.style.indent, simple: false })
        return
      }
      const [key, value] = child as readonly [YamlTree, YamlTree]
      this.node(key, { indent, simple: true })
      this.put(':')
      if (value.kind === 'scalar' || this.flows(value)) {
        this.put(' ')
        this.node(value, { indent: indent + this.style.indent, simple: false })
      } else {
        // A list is not indented below its key.
        const inner = value.kind === 'list' ? indent : indent + this.style.indent
        this.line(inner)
        this.node(value, { indent: inner, simple: false })
      }
    })
  }

  private scalar({ text, isText }: Extract<YamlTree, { kind: 'scalar' }>, at: Place): void {
    const how = isText ? quotesOf(text, at) : 'plain'
    if (how === 'double') this.double(text, at)
    else if (how === 'single') this.single(text, at)
    else this.words(text, at)
  }

  /** Writes words, with line breaks at single blanks where the line is full. */
  private words(text: string, at: Place): void {
    const all = [...text]
    for (let i = 0; i < all.length; i++) {
      const char = all[i] as string
      const breaks =
        char === ' ' &&
        !at.simple &&
        this.column > this.style.width &&
        i > 0 &&
        i < all.length - 1 &&
        all[i + 1] !== ' ' &&
        all[i - 1] !== ' '
      if (breaks) this.line(at.indent)
      else this.put(char)
    }
  }

  private single(text: string, at: Place): void {
    this.put("'")
    const parts = text.split(/(\n+)/)
    parts.forEach((part, i) => {
      if (i % 2 === 0) this.words(part.replaceAll("'", "''"), at)
      // A line end is written twice, as a single one is read as a blank.
      else this.put(`\n${part}${' '.repeat(at.indent)}`)
    })
    this.put("'")
  }

  private double(text: string, at: Place): void {
    this.put('"')
    const all = [...text]
    let after = false
    all.forEach((char, i) => {
      if (char === ' ' && !after && !at.simple && this.column > this.style.width && i > 0 && i < all.length - 1) {
        this.line(at.indent)
        if (all[i + 1] === ' ') this.put('\\')
        after = true
        return
      }
      after = char === ' '
      this.put(escaped(char))
    })
    this.put('"')
  }
}

const NAMES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

const printable = (char: string): boolean => /^[\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/u.test(char)

const escaped = (char: string): string => {
  const code = char.codePointAt(0) as number
  if (NAMES[char] !== undefined) return NAMES[char]
  if (printable(char)) return char
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

const quotesOf = (text: string, at: Place): 'plain' | 'single' | 'double' => {
  // Single quotes cannot represent unprintable characters, or blanks beside a line end.
  if ([...text].some(char => !printable(char)) || / [\n\x85\u2028\u2029]|[\n\x85\u2028\u2029] /.test(text))
    return 'double'
  const broken = /[\n\x85\u2028\u2029]/.test(text)
  if (at.simple && broken) return 'double'
  return broken || needsQuotes(text, at.flow === true) ? 'single' : 'plain'
}

// Texts that YAML 1.1 reads as another type.
const OTHER =
  /^(?:~|null|Null|NULL|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|<<|=|[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/

const needsQuotes = (text: string, flow: boolean): boolean => {
  if (text === '' || OTHER.test(text)) return true
  if (/^(?:---|\.\.\.)/.test(text) || /^ | $/.test(text)) return true
  // Indicator characters at the beginning, and inside.
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-](?:\s|$)/.test(text) || /:(?:\s|$)|\s#/.test(text)) return true
  return flow && /[,?[\]{}:]/.test(text)
}
