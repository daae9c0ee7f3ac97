import { compileSchema } from './ajv.ts'
import type { Validator } from './validator.ts'

const compiled = new WeakMap<object, Validator>()

/**
 * The validator of a schema that comes with mlplay. Here each is compiled when it is first used; in the place of this file
 * the build puts validators that were compiled by then (build-validators.mjs), which know no schemas but built-in ones.
 */
export function readyValidator(schema: object): Validator | undefined {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const made = compileSchema(schema)
  compiled.set(schema, made)
  return made
}
