/** How a template is cut: the marks of its tags, and what becomes of the blanks around them. */
export interface Syntax {
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableStart: string
  readonly variableEnd: string
  readonly commentStart: string
  readonly commentEnd: string
  /** The line break after a block tag goes. */
  readonly trimBlocks: boolean
  /** Blanks from the start of a line to a block tag go. */
  readonly lstripBlocks: boolean
  /** What a line break of the template becomes in the text. */
  readonly newline: string
  /** The last line break belongs to what is evaluated; without it, a single expression before it keeps its type. */
  readonly keepTrailingNewline: boolean
  /** Texts inside of `{{ }}` keep their backslashes, as Ansible reads the values of playbooks. */
  readonly backslashesStay: boolean
}

/** Template files. */
export const fileSyntax: Syntax = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  newline: '\n',
  keepTrailingNewline: false,
  backslashesStay: false,
}

/** Values of playbooks and variables. */
export const valueSyntax: Syntax = { ...fileSyntax, backslashesStay: true }
