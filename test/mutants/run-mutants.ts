// `npm run mutants [-- PART-OF-A-TEXT]`: each mutant must be noticed by the tests that are listed with it.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { type Mutant, mutants } from './mutants.ts'

const root = resolve(import.meta.dirname, '../..')
const under = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(root, folder, name))
const sources = ['tasks', 'run', 'shell', 'values', 'walk']
  .flatMap(room => under(`src/${room}`))
  .map(file => [file, readFileSync(file, 'utf8')] as const)
const tests = under('test').filter(file => file.endsWith('.test.ts'))

/** The one place of a mutant's text, and its tests by their paths, wherever both stand now. */
function located({ text, tests: names }: Mutant): { readonly file: string; readonly tests: readonly string[] } {
  const found = sources.filter(([, source]) => source.includes(text))
  const [first] = found
  if (first === undefined || found.length > 1 || first[1].split(text).length > 2)
    throw new Error(
      `${found.length === 0 ? 'nowhere' : 'more than once'} in src/tasks, src/run and what they stand on: ${text}`,
    )
  const paths = names.map(name => tests.filter(file => file.endsWith(`/${name}.test.ts`)))
  const lacking = names.filter((_, i) => paths[i]?.length !== 1)
  if (lacking.length > 0) throw new Error(`not one test of that name: ${lacking.join(', ')}`)
  return { file: first[0], tests: paths.flat() }
}

const vitest = (
  paths: readonly string[],
  mutant: object,
): Promise<{ readonly failed: boolean; readonly said: string }> =>
  new Promise(done => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/mutants/vitest.config.ts', ...paths],
      { cwd: root, env: { ...process.env, MLPLAY_MUTANT: JSON.stringify(mutant) }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    child.on('close', code => done({ failed: code !== 0, said }))
  })

const wanted = process.argv.slice(2)
const chosen = mutants
  .filter(({ text }) => wanted.length === 0 || wanted.some(part => text.includes(part)))
  .map(mutant => ({ mutant, ...located(mutant) }))
if (wanted.length === 0) {
  const all = [...new Set(chosen.flatMap(one => one.tests))]
  const { failed, said } = await vitest(all, {})
  if (failed) throw new Error(`the tests fail without any mutant:\n${said}`)
}
const alive: string[] = []
const queue = [...chosen]
const worker = async (): Promise<void> => {
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    const { mutant, file, tests: paths } = one
    const { failed } = await vitest(paths, { file, ...mutant })
    const line = `${failed ? 'dies ' : 'LIVES'}  ${file.slice(root.length + 5)}  ${mutant.text.trim()} → ${mutant.instead.trim()}`
    process.stdout.write(`${line}\n`)
    if (!failed) alive.push(line)
  }
}
await Promise.all(Array.from({ length: Math.min(2, cpus().length) }, worker))
process.stdout.write(
  `\n${chosen.length - alive.length} of ${chosen.length} mutants die\n${alive.map(line => `${line}\n`).join('')}`,
)
process.exitCode = alive.length > chosen.length / 10 ? 1 : 0
