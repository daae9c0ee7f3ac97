import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Validator } from './validator.ts'

/**
 * What a validator is made with, at build time and at run time. An error tells its schema by a path, but for a schema that
 * refers to parts of itself: there the path begins at that part, so the error holds what it is about.
 */
export const ajvOptions = (schema: object) => ({
  allErrors: true,
  strict: false,
  allowUnionTypes: true,
  validateSchema: false,
  validateFormats: false,
  verbose: JSON.stringify(schema).includes('"$ref"'),
})

const instances = new Map<boolean, Ajv2020>()

/** Compiles a schema at run time: some milliseconds each. */
export function compileSchema(schema: object): Validator {
  // Each validator runs a few times: what its optimizer costs never comes back.
  const options = ajvOptions(schema)
  const ajv = instances.get(options.verbose) ?? new Ajv2020({ ...options, code: { optimize: false } })
  instances.set(options.verbose, ajv)
  return ajv.compile(schema)
}
