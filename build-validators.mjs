// Validators of all schemas that come with mlplay, compiled by ajv at build time: a run neither loads ajv nor compiles.
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'

const folder = resolve(import.meta.dirname, 'src/load/schema')

// The same schemas at build time and at run time, in one order.
const SOURCE = `
import { builtInSchemas } from './built-in-schemas.ts'
import { taskTypes } from '../../tasks/registry.ts'
export const schemas = [...Object.values(builtInSchemas), ...[...taskTypes.values()].map(type => type.params)]
`

const load = async contents => {
  const place = mkdtempSync(resolve(import.meta.dirname, 'node_modules/.validators-'))
  try {
    const outfile = join(place, 'schemas.mjs')
    await build({
      stdin: { contents: `${contents}export { ajvOptions } from './ajv.ts'\n`, resolveDir: folder, loader: 'ts' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'warning',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** What the build puts in the place of src/load/schema/ready-validators.ts. */
export async function validatorsCode() {
  const { schemas, ajvOptions } = await load(SOURCE)
  // Each in a function of its own: what a run does not use is not even evaluated.
  const makers = schemas.map(schema => {
    const ajv = new Ajv2020({ ...ajvOptions(schema), code: { optimize: true, source: true, esm: false } })
    return `() => { const module = {}; ${standalone.default(ajv, ajv.compile(schema))}; return module.exports }`
  })
  return `${SOURCE}
const makers = [${makers.join(',\n')}]
const indexes = new Map(schemas.map((schema, i) => [schema, i]))
const made = []
export const readyValidator = schema => {
  const i = indexes.get(schema)
  return i === undefined ? undefined : (made[i] ??= makers[i]())
}
`
}

/** For esbuild: bundles the compiled validators. */
export const compiledValidators = {
  name: 'compiled-validators',
  setup: builder =>
    builder.onLoad({ filter: /\/load\/schema\/ready-validators\.ts$/ }, async () => ({
      contents: await validatorsCode(),
      loader: 'js',
      resolveDir: folder,
    })),
}
