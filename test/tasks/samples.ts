import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Sample } from './sample.ts'

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.samples.ts'))
  .toSorted()

const byType = new Map<string, readonly Sample[]>()
for (const file of files) {
  const { samples } = (await import(join(import.meta.dirname, file))) as { readonly samples: readonly Sample[] }
  byType.set(basename(file, '.samples.ts'), samples)
}

/** The samples of a task type, from `test/tasks/FAMILY/TYPE.samples.ts`. */
export const samplesOf = (type: string): readonly Sample[] => byType.get(type) ?? []
