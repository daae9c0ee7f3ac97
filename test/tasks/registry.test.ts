import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { taskTypes } from '../../src/tasks/registry.ts'
import { registrySource, typeFiles } from './registry-source.ts'

it('the registry lists the task types of all families: `npm run registry` writes it', () => {
  expect(readFileSync(resolve(import.meta.dirname, '../../src/tasks/registry.ts'), 'utf8')).toBe(registrySource())
})

it('a task type is in the file of its name', () => {
  expect(typeFiles().map(file => file.replace(/^.*\/|\.ts$/g, ''))).toEqual(
    typeFiles().flatMap(file => [...taskTypes.keys()].filter(name => file.endsWith(`/${name}.ts`))),
  )
})

it('every task type has a table of its plans', () => {
  const missing = typeFiles().filter(
    file => !existsSync(join(import.meta.dirname, file.replace(/\.ts$/, '.plan.test.ts'))),
  )
  expect(missing).toEqual([])
})
