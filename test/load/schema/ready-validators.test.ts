import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiledValidators } from '../../../build-validators.mjs'
import { compileSchema } from '../../../src/load/schema/ajv.ts'
import { builtInSchemas } from '../../../src/load/schema/built-in-schemas.ts'
import type { Validator } from '../../../src/load/schema/validator.ts'
import { taskTypes } from '../../../src/tasks/registry.ts'

const root = resolve(import.meta.dirname, '../../..')

interface Built {
  readonly readyValidator: (schema: object) => Validator | undefined
  readonly builtInSchemas: Readonly<Record<string, object>>
  readonly taskTypes: ReadonlyMap<string, { readonly params: object }>
}

let built: Built
const folder = mkdtempSync(join(root, 'node_modules/.validators-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(async () => {
  const outfile = join(folder, 'validators.mjs')
  await build({
    stdin: {
      contents: `export { readyValidator } from './load/schema/ready-validators.ts'
        export { builtInSchemas } from './load/schema/built-in-schemas.ts'
        export { taskTypes } from './tasks/registry.ts'`,
      resolveDir: join(root, 'src'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    plugins: [compiledValidators],
    logLevel: 'warning',
  })
  built = (await import(pathToFileURL(outfile).href)) as Built
}, 60_000)

type Properties = Readonly<Record<string, object>>
const VALUES: readonly unknown[] = [null, true, 0, -1, 1.5, '', 'a text', '{{ x }}', [], ['a'], [1, null], {}, { k: 1 }]

/** Values of every JSON type, for the whole and for each of its keys; and a key that is not known. */
const valuesFor = (schema: object): readonly unknown[] => {
  const { properties = {} } = schema as { readonly properties?: Properties }
  const single = Object.keys(properties).flatMap(key => VALUES.map(value => ({ [key]: value })))
  return [
    ...VALUES,
    ...single,
    { 'no such key': 1 },
    Object.fromEntries(Object.keys(properties).map(key => [key, 'x'])),
  ]
}

const verdicts = (validator: Validator, values: readonly unknown[]): readonly unknown[] =>
  values.map(value => (validator(value) ? 'valid' : validator.errors))

describe('validators that were compiled at build time', () => {
  it('say of every value what validators compiled at run time say', () => {
    const pairs = [
      ...Object.entries(builtInSchemas).map(([name, schema]) => [name, schema, built.builtInSchemas[name]] as const),
      ...[...taskTypes].map(([name, { params }]) => [name, params, built.taskTypes.get(name)?.params] as const),
    ]
    for (const [name, schema, same] of pairs) {
      const ready = built.readyValidator(same ?? {})
      expect(ready, name).toBeTypeOf('function')
      const values = valuesFor(schema)
      expect(verdicts(ready as Validator, values), name).toEqual(verdicts(compileSchema(schema), values))
    }
  })

  it('know no schema of others', () => {
    expect(built.readyValidator({ type: 'object' })).toBeUndefined()
  })

  it('are there for every schema that the loader names', () => {
    const files = readdirSync(join(root, 'src/load'), { recursive: true, encoding: 'utf8' })
    const named = files
      .filter(file => file.endsWith('.ts'))
      .flatMap(file => [...readFileSync(join(root, 'src/load', file), 'utf8').matchAll(/validate\(\s*([\w ?:]+)[,(]/g)])
      .flatMap(([, first = '']) => first.match(/\w+Schema\b/g) ?? [])
    expect(named.length).toBeGreaterThan(5)
    const listed = readFileSync(join(root, 'src/load/schema/built-in-schemas.ts'), 'utf8')
    expect([...new Set(named)].filter(name => !listed.includes(name))).toEqual([])
  })
})
