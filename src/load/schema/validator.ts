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
