import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { registrySource } from './registry-source.ts'

writeFileSync(resolve(import.meta.dirname, '../../src/tasks/registry.ts'), registrySource())
