import { readyValidator } from './ready-validators.ts'
import type { Validator } from './validator.ts'

const others = new WeakMap<object, Validator>()

/** Makes validators for schemas that do not come with mlplay: those of the user's own task types. Nobody else loads ajv. */
export async function prepareValidators(schemas: readonly object[]): Promise<void> {
  const missing = schemas.filter(schema => readyValidator(schema) === undefined && !others.has(schema))
  if (missing.length === 0) return
  const { compileSchema } = await import('./ajv.ts')
  for (const schema of missing) others.set(schema, compileSchema(schema))
}

export function validatorOf(schema: object): Validator {
  const found = readyValidator(schema) ?? others.get(schema)
  if (found === undefined) throw new Error('a schema has no validator: it is missing in built-in-schemas.ts')
  return found
}
