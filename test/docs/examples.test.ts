// What README.md and docs/ show is read by mlplay itself: a block that is added is covered.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadInventory } from '../../src/load/load-inventory.ts'
import { readPlaybook } from '../../src/load/load-playbook.ts'
import { parseYaml } from '../../src/load/yaml.ts'
import { checkNames } from '../../src/schedule/check-names.ts'
import { checkSyntax } from '../../src/schedule/template/template.ts'
import { taskTypes } from '../../src/tasks/registry.ts'

const repository = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'mlplay-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pages = [
  'README.md',
  ...readdirSync(join(repository, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

interface Block {
  readonly page: string
  readonly line: number
  readonly language: string
  readonly text: string
}

const blocks: readonly Block[] = pages.flatMap(page => {
  const text = readFileSync(join(repository, page), 'utf8')
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(found => ({
    page,
    line: text.slice(0, found.index).split('\n').length,
    language: found[1] ?? '',
    text: found[2] ?? '',
  }))
})

const playbooks = blocks.filter(
  ({ language, text }) => language === 'yaml' && /^- (name|hosts|import_playbook):/m.test(text),
)

describe('every playbook of the documentation is one', () => {
  it('there are some', () => expect(playbooks.length).toBeGreaterThanOrEqual(2))

  it.each(playbooks.map(block => [`${block.page}:${block.line}`, block] as const))('%s', async (_, { text }) => {
    const file = join(folder, 'p.yml')
    writeFileSync(file, text)
    const options = { cwd: repository, types: taskTypes, language: { checkSyntax }, packageUrl: '' }
    const { playbook, faults } = await readPlaybook(file, options)
    expect(faults.map(fault => fault.describe())).toEqual([])
    const inventory = await loadInventory(['web1,'], { cwd: repository })
    const undefinedNames = checkNames(playbook, inventory, { extraVars: {}, templates: () => [] })
    expect(undefinedNames.map(fault => fault.describe())).toEqual([])
  })
})

it('every other block of YAML is YAML', () => {
  for (const { page, line, language, text } of blocks)
    if (language === 'yaml') expect(() => parseYaml(text, `${page}:${line}`), `${page}:${line}`).not.toThrow()
})

it('the inventories that docs/inventories.md shows name the hosts that they say', async () => {
  const page = readFileSync(join(repository, 'docs/inventories.md'), 'utf8')
  const shown = /INI and YAML mean what they mean to Ansible:\n\n((?: {4}.*\n|\n)+)/.exec(page)?.[1] ?? ''
  const plain = shown.replace(/^ {4}/gm, '')
  const [ini = '', yaml = ''] = plain.split(/^(?=all:)/m)
  writeFileSync(join(folder, 'hosts.ini'), ini)
  writeFileSync(join(folder, 'hosts.yml'), yaml)
  const read = async (name: string) => [...(await loadInventory([name], { cwd: folder })).hosts.keys()]
  expect(await read('hosts.ini')).toHaveLength(22)
  expect(await read('hosts.yml')).toHaveLength(20)
})

it('every inventory and playbook that a command line shows is there, or is made by the line before', () => {
  const commands = blocks.flatMap(({ page, text }) =>
    [...text.matchAll(/^(?:\$ )?((?:npm install && )?(?:npx )?mlplay .*|cp -r .*)$/gm)].map(found => ({
      page,
      command: found[1] ?? '',
    })),
  )
  expect(commands.length).toBeGreaterThan(3)
  const made = new Set(commands.flatMap(({ command }) => /^cp -r (\S+) (\S+)/.exec(command)?.[2] ?? []))
  const missing = commands.flatMap(({ page, command }) =>
    [...command.matchAll(/(?:-i |run )((?:inventory|playbooks)\/\S+)/g)]
      .map(found => found[1] ?? '')
      .filter(path => !made.has(path) && !readable(path))
      .map(path => `${page}: ${path}`),
  )
  expect(missing).toEqual([])
})

const readable = (path: string): boolean => {
  try {
    return readdirSync(resolve(repository, path, '..')).includes(path.split('/').at(-1) ?? '')
  } catch {
    return false
  }
}
