// What README.md and docs/ show is run or read by mlplay itself: a block that is added is covered, or fails as unknown.
import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadInventory } from '../../src/load/inventory/load-inventory.ts'
import { mlplay, program, repository } from '../e2e/mlplay.ts'
import { parseLab } from '../lab/lab-options.ts'
import { variants } from '../lab/variants.ts'
import { type Block, blocksOf, type Kind, kindOf, pages, textOf } from './blocks.ts'
import { commandsInSentences, commandsOf, expand, harmless, isChecked, isMlplay, tryRole } from './command-lines.ts'
import { notRun } from './not-run.ts'
import { dryRun, folder, put } from './scratch.ts'

const blocks = pages.flatMap(page => blocksOf(page, textOf(page)))
const ofKind = (...kinds: readonly Kind[]) =>
  blocks.filter(block => kinds.includes(kindOf(block))).map(block => [block.place, block] as const)
const one = (kind: Kind, has: string): Block => {
  const found = ofKind(kind).find(([, { text }]) => text.includes(has))
  if (found === undefined) throw new Error(`no block of the documentation is a ${kind} with '${has}'`)
  return found[1]
}
const commands = [
  ...new Set(
    [
      ...blocks.flatMap(({ text }) => commandsOf(text).filter(isChecked)),
      ...pages.flatMap(page => commandsInSentences(textOf(page))),
    ].map(command => command.replace(/^npx /, '')),
  ),
]
const ok = { code: 0, stderr: expect.not.stringContaining('error:') }

/** From here on the folder holds what the commands name: `cp` of an example is run, and README's first playbook is saved. */
beforeAll(async () => {
  put('hello.yml', one('playbook', 'ensure-dir').text)
  for (const command of commands) {
    const [, from = '', to = ''] = /^cp -r (\S+) (\S+)$/.exec(command) ?? []
    if (from !== '') cpSync(join(folder, from), join(folder, to), { recursive: true })
  }
  // Loses w2, so that there is something to go on with.
  expect((await mlplay(['run', 'site.yml', '-i', 'fleet'], { cwd: folder })).code).toBe(2)
})

describe('every code block of the documentation is covered', () => {
  const unknown = blocks.filter(block => kindOf(block) === 'unknown').map(({ name }) => name)

  it('a block is of a kind that is tested, or is listed in not-run.ts with a reason', () => {
    expect(unknown.filter(name => !Object.hasOwn(notRun, name))).toEqual([])
  })

  it('not-run.ts lists no block that was removed or is tested', () => {
    expect(Object.keys(notRun).filter(name => !unknown.includes(name))).toEqual([])
  })

  it('fences come in pairs, and each kind of example occurs', () => {
    for (const page of pages) {
      const fences = textOf(page).match(/^ *```/gm) ?? []
      expect(
        blocksOf(page, textOf(page)).filter(({ place }) => fenced(place)),
        page,
      ).toHaveLength(fences.length / 2)
    }
    for (const kind of ['playbook', 'role settings', 'commands', 'typescript', 'inventories', 'error message'] as const)
      expect(ofKind(kind).length, kind).toBeGreaterThan(0)
  })

  it.each([
    ['```\nfoo bar\n```\n', ['unknown']],
    ['text\n\n    mlplay frobnicate x\n', ['commands']],
    ['text\n\n    ls\n', ['unknown']],
    ['# heading\n    npm run lab -- list\n\n    npm test\n', ['commands']],
    ['a paragraph\n    that goes on\n', []],
    ['```yaml\na: 1\n```\n', ['unknown']],
    ['```yaml\n- debug: hi\n```\n\n```ts\n1\n```\n', ['tasks', 'typescript']],
    ['```toml\na = 1\n```\n', ['unknown']],
  ])('blocks of %j are %j', (text, kinds) => expect(blocksOf('page', text).map(kindOf)).toEqual(kinds))
})

const fenced = (place: string): boolean => {
  const [page = '', line = ''] = place.split(':')
  return /^ *```/.test(textOf(page).split('\n')[Number(line) - 2] ?? '')
}

describe.concurrent('every example in YAML passes a dry run on this machine', { timeout: 120_000 }, () => {
  it.each(ofKind('playbook', 'tasks', 'role settings'))('%s', async (_, block) => {
    const indented = block.text.replace(/^(?=.)/gm, '    ')
    const playbooks: Partial<Record<Kind, string>> = {
      playbook: block.text,
      tasks: `- hosts: localhost\n  tasks:\n${indented}`,
      'role settings': `- hosts: mlflow\n  become: true\n  vars:\n${indented}  roles: [mlflow-proxy]\n`,
    }
    const ended = await dryRun(playbooks[kindOf(block)] ?? '')
    expect(
      ended,
      ended.stdout
        .split('\n')
        .filter(line => / failed /.test(line))
        .join('\n'),
    ).toMatchObject(ok)
    expect(ended.stdout).toMatch(tryRole === '--dry-run' ? /^(Dry run: .* would change|Converged)/m : /./)
  })
})

describe.concurrent('mlplay accepts every mlplay command of the documentation', { timeout: 120_000 }, () => {
  const typed = commands.filter(isMlplay).flatMap(command => expand(command).map(each => [each] as const))

  it.each(typed)('%s', async command => {
    const ended = await mlplay(harmless(command), { cwd: folder })
    expect(ended, ended.stdout.slice(-500)).toMatchObject(ok)
    expect(ended.stdout).not.toBe('')
  })

  it('a synopsis is expanded into every command that it allows', () => {
    expect(expand('mlplay inventory -i INVENTORY --graph | --host NAME')).toEqual([
      'mlplay inventory -i fleet --graph',
      'mlplay inventory -i fleet --host w1',
    ])
    expect(expand('mlplay schema [playbook|inventory]')).toEqual([
      'mlplay schema',
      'mlplay schema playbook',
      'mlplay schema inventory',
    ])
    expect(() => expand('mlplay run WHATEVER')).toThrow('the placeholder WHATEVER')
  })

  it.each(['mlplay frobnicate', 'mlplay run hello.yml --dry-rum', 'mlplay run missing.yml', 'mlplay doc no-such-task'])(
    '%s would fail',
    async command => expect((await mlplay(harmless(command), { cwd: folder })).code).toBe(3),
  )

  it('-l @failed, @rest and @FILE select the hosts that docs/rollouts.md describes', async () => {
    const lines = commands.filter(command => command.includes(' -l @'))
    const hosts = async (command: string) =>
      (await mlplay([...command.split(' ').slice(1), '--list-hosts'], { cwd: folder })).stdout.match(/\bw\d\b/g)
    expect(await Promise.all(lines.map(hosts))).toEqual([['w2'], ['w2', 'w3'], ['w3']])
  })
})

describe('every npm command of the documentation exists in package.json', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const typed = commands.filter(command => /\bnpm /.test(command)).map(command => [command] as const)

  it.each(typed)('%s', async command => {
    const [, verb = '', script = '', ...args] = command.replace(/^MLPLAY_[A-Z0-9]+=1 /, '').split(' ')
    if (verb !== 'install') expect(scripts).toHaveProperty(verb === 'run' ? script : verb)
    if (script !== 'lab') return
    const { positionals, values } = parseLab(args.slice(1))
    expect(['up', 'down', 'list', 'variants']).toContain(positionals[0])
    for (const name of values.variant) expect(variants).toHaveProperty([name])
    // The others boot hosts, as root.
    if (positionals[0] !== 'list' && positionals[0] !== 'variants') return
    expect(await program('npm', ['run', '-s', 'lab', ...args], { cwd: repository })).toMatchObject({
      code: 0,
      stderr: '',
    })
  })
})

it('shell commands that are not run are at least valid shell syntax', async () => {
  const shell = blocks.filter(({ name }) => Object.hasOwn(notRun, name) && !(notRun[name] ?? '').startsWith('output'))
  expect(shell.length).toBeGreaterThan(0)
  for (const { place, text } of shell)
    expect(await program('sh', ['-n', '-c', text]), place).toMatchObject({ code: 0, stderr: '' })
})

describe('examples in TypeScript', () => {
  const motd = () => one('typescript', 'taskType').text
  const changes = (path: string, flags: readonly string[]) => {
    put('own/tasks/motd.ts', motd().replaceAll('/etc/motd', path))
    put('own/p.yml', `- hosts: localhost\n  tasks:\n    ${/`(- motd: [^`]+)`/.exec(textOf('README.md'))?.[1]}\n`)
    return mlplay(['run', 'p.yml', '-i', 'localhost,', '-c', 'local', ...flags], { cwd: join(folder, 'own') })
  }

  it('pass the type check of the project', async () => {
    put('types/package.json', '{"type":"module"}')
    const options = {
      noEmit: true,
      typeRoots: [join(repository, 'node_modules/@types')],
      paths: { mlplay: [join(repository, 'src/index.ts')] },
    }
    put(
      'types/tsconfig.json',
      JSON.stringify({
        extends: join(repository, 'tsconfig.json'),
        compilerOptions: options,
        include: ['examples', join(repository, 'src/template/nunjucks/nunjucks.d.ts')],
      }),
    )
    symlinkSync(join(repository, 'test/lab'), join(folder, 'types/lab'))
    ofKind('typescript').forEach(([, { text }], i) => {
      put(`types/examples/${i}.ts`, text)
    })
    const check = () =>
      program(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', join(folder, 'types')])
    expect(await check()).toMatchObject({ code: 0, stdout: '' })
    put('types/examples/0.ts', motd().replace("shorthand: 'text'", 'shorthand: 7'))
    expect((await check()).stdout).toContain("Type 'number' is not assignable to type")
  })

  it('the task type motd shows what it would do to /etc/motd', async () => {
    const ended = await changes('/etc/motd', ['--dry-run'])
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('set the message of the day') })
  })

  it('the task type motd changes a file, once, and a dry run does not', async () => {
    const path = join(folder, 'own/motd')
    expect((await changes(path, ['--dry-run'])).stdout).toContain('+Be kind to this machine.')
    expect(existsSync(path)).toBe(false)
    expect(await changes(path, [])).toMatchObject({ code: 0, stdout: expect.stringContaining('1 changed') })
    expect(readFileSync(path, 'utf8')).toBe('Be kind to this machine.\n')
    expect((await changes(path, [])).stdout).toContain('Converged')
  })
})

it.each(ofKind('error message'))('%s is what mlplay says of that mistake', async (_, { text }) => {
  const [, file = ''] = /^error: (\w+\.yml)/.exec(text) ?? []
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  for (const shown of text.matchAll(/^ +(\d+) \| (.*)$/gm)) lines[Number(shown[1]) - 1] = shown[2] ?? ''
  put(`wrong/${file}`, lines.join('\n'))
  const ended = await mlplay(['validate', file], { cwd: join(folder, 'wrong') })
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(text) })
})

it.each(ofKind('json'))('%s is JSON', (_, { text }) => expect(() => JSON.parse(text)).not.toThrow())

describe('inventories', () => {
  const read = async (name: string) => (await loadInventory([name], { cwd: folder })).hosts

  it.each(ofKind('inventories'))('%s has hosts', async (place, { text }) => {
    const [ini = '', yaml = ''] = text.split(/^(?=all:)/m)
    put('shown.ini', ini)
    put('shown.yml', yaml)
    const hosts = await read('shown.ini')
    expect(hosts.size).toBeGreaterThan(0)
    if (!place.startsWith('docs/inventories.md')) return
    expect([hosts.size, (await read('shown.yml')).size]).toEqual([22, 20])
  })

  it.each(ofKind('inventory program'))('%s is an answer that is understood', async (_, { text }) => {
    const [command = '', ...answer] = text.split('\n')
    const name = /^\$ \.\/(\w+)/.exec(command)?.[1] ?? ''
    put(name, `#!/bin/sh\ncat <<'END'\n${answer.join('\n')}END\n`)
    chmodSync(join(folder, name), 0o755)
    const ended = await mlplay(['inventory', '-i', `./${name}`, '--list'], { cwd: folder })
    expect(ended).toMatchObject(ok)
    const shown = JSON.parse(answer.join('\n'))
    expect(JSON.parse(ended.stdout)).toMatchObject({
      web: { hosts: shown.web.hosts },
      _meta: { hostvars: shown._meta.hostvars },
    })
  })
})
