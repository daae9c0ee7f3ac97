import type { XStatic } from 'typebox/schema'

export type ParamsSchema = { readonly type: 'object'; readonly properties: { readonly [name: string]: object } } & {
  readonly [keyword: string]: unknown
}

/** How the engine reads the text of a param before `plan` sees it. */
type Reading = 'file' | 'template' | 'expression' | 'expressions'

/** A file of the controller that a param names. */
export interface ControllerFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** A template of the controller that a param names, rendered. */
export interface RenderedTemplate {
  readonly path: string
  readonly text: string
}

/** An expression, its value, and whether that counts as true; `undefined` where it is a text. */
export interface Evaluated {
  readonly expression: string
  readonly value: unknown
  readonly holds: boolean | undefined
}

/** Schema of a param that names a file of the controller: `plan` gets its bytes. */
export const file = <D extends string>(description: D) => ({ type: 'string', reads: 'file', description }) as const

/** Schema of a param that names a template of the controller: `plan` gets it rendered. */
export const template = <D extends string>(description: D) =>
  ({ type: 'string', reads: 'template', description }) as const

/** Schema of a param whose text is an expression: `plan` gets its value. */
export const expression = <D extends string>(description: D) =>
  ({ type: 'string', reads: 'expression', description }) as const

/** Schema of a param that holds one expression or a list of them: `plan` gets the value of each. */
export const expressions = <D extends string>(description: D) =>
  ({
    anyOf: [{ type: ['string', 'boolean'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
    reads: 'expressions',
    description,
  }) as const

const readingOf = (schema: ParamsSchema, name: string): Reading | undefined =>
  Object.hasOwn(schema.properties, name)
    ? (schema.properties[name] as { readonly reads?: Reading } | undefined)?.reads
    : undefined

/** How a param's text is to be evaluated, where it is no template. */
export const expressionKind = (schema: ParamsSchema, name: string): 'expression' | 'expressions' | undefined => {
  const reading = readingOf(schema, name)
  return reading === 'expression' || reading === 'expressions' ? reading : undefined
}

/** Params that name a file of the controller, and what it is. */
export const sourcesOf = (schema: ParamsSchema): readonly (readonly [string, 'file' | 'template'])[] =>
  Object.keys(schema.properties).flatMap(name => {
    const reading = readingOf(schema, name)
    return reading === 'file' || reading === 'template' ? [[name, reading] as const] : []
  })

type Properties<S> = S extends { readonly properties: infer P } ? P : {}
type Given<S> = S extends { readonly required: readonly (infer R)[] } ? R : never
type Defaulted<P> = { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P]
type Always<S> = Given<S> | Defaulted<Properties<S>>
type Others<S> = S extends { readonly additionalProperties: true } ? { readonly [name: string]: unknown } : {}
type Text<P> = P extends { readonly reads: unknown } ? string : XStatic<P>
type Read<P> = P extends { readonly reads: infer R }
  ? R extends 'file'
    ? ControllerFile
    : R extends 'template'
      ? RenderedTemplate
      : R extends 'expression'
        ? Evaluated
        : readonly Evaluated[]
  : XStatic<P>
type Shown<T> = { [K in keyof T]: T[K] }

/** Params as a probe sees them: rendered, with the defaults of the schema filled in. */
export type ProbeParams<S> = Shown<
  {
    readonly [K in keyof Properties<S> as K extends Always<S> ? K : never]: Text<Properties<S>[K]>
  } & {
    readonly [K in keyof Properties<S> as K extends Always<S> ? never : K]?: Text<Properties<S>[K]>
  } & Others<S>
>

/** Params as `plan` sees them: as a probe does, and files, templates and expressions read. */
export type PlanParams<S> = Shown<
  {
    readonly [K in keyof Properties<S> as K extends Always<S> ? K : never]: Read<Properties<S>[K]>
  } & {
    readonly [K in keyof Properties<S> as K extends Always<S> ? never : K]?: Read<Properties<S>[K]>
  } & Others<S>
>

/** What a probe found: facts that were not printed are absent, lists are always there. */
export type StateOf<S> = Shown<
  {
    readonly [K in keyof Properties<S> as Properties<S>[K] extends { readonly type: 'array' } ? K : never]: XStatic<
      Properties<S>[K]
    >
  } & {
    readonly [K in keyof Properties<S> as Properties<S>[K] extends { readonly type: 'array' } ? never : K]?: XStatic<
      Properties<S>[K]
    >
  }
>
