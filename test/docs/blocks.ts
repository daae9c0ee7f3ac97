// Every block of code of README.md and docs/, fenced or indented, and what kind of example it is.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from '../../src/load/yaml/yaml.ts'
import { repository } from '../e2e/mlplay.ts'
import { commandsOf, isChecked } from './command-lines.ts'

export interface Block {
  /** `page:line`, the line of the first line of code. */
  readonly place: string
  /** `page: first line of code`, which stays the same when the page grows. */
  readonly name: string
  /** Of a fence; empty for an indented block. */
  readonly language: string
  readonly text: string
}

export type Kind =
  | 'playbook'
  | 'tasks'
  | 'role settings'
  | 'commands'
  | 'typescript'
  | 'json'
  | 'inventories'
  | 'inventory program'
  | 'error message'
  | 'unknown'

export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(repository, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

export const textOf = (page: string): string => readFileSync(join(repository, page), 'utf8')

/** An indented block begins behind an empty line or a heading: elsewhere four spaces are a paragraph's. */
const pattern =
  /^ *```([^\n]*)\n([\s\S]*?)^ *```$|(?<=(?:^|\n)(?:#[^\n]*)?\n)((?: {4}[^\n]*\n)(?:(?: {4}[^\n]*)?\n)*)/gm

export const blocksOf = (page: string, text: string): readonly Block[] =>
  [...text.matchAll(pattern)].map(found => {
    const code = found[2] ?? (found[3] ?? '').replace(/^ {4}/gm, '').replace(/\n+$/, '\n')
    const line = text.slice(0, found.index).split('\n').length + (found[2] === undefined ? 0 : 1)
    return {
      place: `${page}:${line}`,
      name: `${page}: ${code.split('\n')[0]?.trim()}`,
      language: (found[1] ?? '').trim(),
      text: code,
    }
  })

/** What a test does with a block; `unknown` when no test could do anything with it. */
export const kindOf = ({ language, text, place }: Block): Kind => {
  if (language === 'yaml') return kindOfYaml(parseYaml(text, place).value)
  if (language === 'ts') return 'typescript'
  if (language === 'json') return 'json'
  if (language === 'ini' || /^\[[\w:]+\]$/m.test(text)) return 'inventories'
  if (/^\$ \.\/\w+ --list\n\{/.test(text)) return 'inventory program'
  if (/^error: \w+\.yml:\d+:\d+ /.test(text)) return 'error message'
  const commands = commandsOf(text)
  return commands.length > 0 && commands.every(isChecked) ? 'commands' : 'unknown'
}

const kindOfYaml = (value: unknown): Kind => {
  if (Array.isArray(value))
    return value.some(one => one !== null && typeof one === 'object' && ('hosts' in one || 'import_playbook' in one))
      ? 'playbook'
      : 'tasks'
  const names = Object.keys(value !== null && typeof value === 'object' ? value : {})
  return names.length > 0 && names.every(name => name.startsWith('mlflow_')) ? 'role settings' : 'unknown'
}
