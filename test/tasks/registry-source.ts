import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const tasks = resolve(import.meta.dirname, '../../src/tasks')

/** Files of `src/tasks/FAMILY/` that export a task type: those with a default export. */
export const typeFiles = (): readonly string[] =>
  readdirSync(tasks, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && /^export default /m.test(readFileSync(join(tasks, name), 'utf8')))
    .toSorted((a, b) => (a.replace('.ts', '') < b.replace('.ts', '') ? -1 : 1))

const nameOf = (file: string): string => file.replace(/^.*\/|\.ts$/g, '')
const camel = (name: string): string => name.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase())
const byName = (a: string, b: string): number => (nameOf(a) < nameOf(b) ? -1 : 1)

/** The text of `src/tasks/registry.ts`. `npm run registry` writes it. */
export const registrySource =
  (): string => `// Written by \`npm run registry\`: one line for each file of a family that exports a task type.
import type { AnyTaskType } from '../model/task-type.ts'
${typeFiles()
  .map(file => `import ${camel(nameOf(file))} from './${file}'\n`)
  .join('')}
/** The task types that come with mlplay, by name. */
export const taskTypes: ReadonlyMap<string, AnyTaskType> = new Map<string, AnyTaskType>([
${typeFiles()
  .toSorted(byName)
  .map(file => `  [${camel(nameOf(file))}.name, ${camel(nameOf(file))}],\n`)
  .join('')}])
`
