import { readyValidator } from './ready-validators.ts'

/** What a schema has against a value: where, by which keyword of the schema. */
export interface SchemaError {
  readonly keyword: string
  /** JSON pointers: into the value, and into the schema. */
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
  /** The value, the keyword's own value and the schema that holds it: where the paths do not tell them. */
  readonly data?: unknown
  readonly schema?: unknown
  readonly parentSchema?: unknown
}

export interface Validator {
  (value: unknown): boolean
  errors?: readonly SchemaError[] | null
}

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
