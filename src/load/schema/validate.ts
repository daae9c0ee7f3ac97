import { Fault } from '../../model/fault.ts'
import type { Locate } from '../../model/playbook.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { plainNumbers } from '../../text/exact-number.ts'
import { namesSecret } from '../../text/secret-lines.ts'
import { isTemplate } from './coerce.ts'
import type { SchemaError } from './validator.ts'
import { validatorOf } from './validators.ts'

/** An error with what it is about: the value, the keyword's own value in the schema, and the schema that holds it. */
interface ErrorObject extends SchemaError {
  readonly data: unknown
  readonly schema: unknown
  readonly parentSchema: unknown
}

export interface Subject {
  /** What the value is, for messages: `ensure-dir`, `a play`. */
  readonly what: string
  readonly locate: Locate
  /** Path of the value inside the document that `locate` knows. */
  readonly path: readonly (string | number)[]
  /** Values that hold a template wait until they are rendered. */
  readonly templates: boolean
  /** Only this key of the value is judged: others may be missing. */
  readonly only?: string
  /** What to write instead of a key that is not known. */
  readonly instead?: (key: string) => string | undefined
}

/** What a schema has against a value, in our own words, one fault for each mistake. */
export function validate(schema: object, value: unknown, subject: Subject): readonly Fault[] {
  const check = validatorOf(schema)
  const plain = plainNumbers(value)
  if (check(plain)) return []
  const errors = (check.errors ?? [])
    .map(error => explained(error, schema, plain))
    .filter(error => !(subject.templates && isTemplate(error.data)))
    .filter(({ instancePath }) => subject.only === undefined || stepsOf(instancePath)[0] === subject.only)
  const byPlace = new Map<string, ErrorObject[]>()
  for (const error of errors) {
    const list = byPlace.get(error.instancePath) ?? []
    list.push(error)
    byPlace.set(error.instancePath, list)
  }
  return [...byPlace].flatMap(([pointer, list]) => (toldDeeper(list, errors) ? [] : faultsAt(pointer, list, subject)))
}

/** A branch of anyOf that failed deeper inside is told only there: a list with a wrong item is not told that it is no text. */
const toldDeeper = (list: readonly ErrorObject[], errors: readonly ErrorObject[]): boolean =>
  list.some(
    ({ keyword, instancePath, schemaPath }) =>
      keyword === 'anyOf' &&
      errors.some(
        other => other.instancePath.startsWith(`${instancePath}/`) && other.schemaPath.startsWith(`${schemaPath}/`),
      ),
  )

const explained = (error: SchemaError, schema: object, value: unknown): ErrorObject => {
  const { data, parentSchema } = error
  if (parentSchema !== undefined) return { ...error, data, schema: error.schema, parentSchema }
  const path = stepsOf(decodeURIComponent(error.schemaPath))
  return {
    ...error,
    data: inside(value, stepsOf(error.instancePath)),
    schema: inside(schema, path),
    parentSchema: inside(schema, path.slice(0, -1)),
  }
}

const inside = (value: unknown, steps: readonly string[]): unknown =>
  steps.reduce((at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step], value)

const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))

const aboutKeys = ['additionalProperties', 'unevaluatedProperties', 'required', 'anyOf', 'oneOf', 'if']

const faultsAt = (pointer: string, errors: readonly ErrorObject[], subject: Subject): readonly Fault[] => {
  const steps = stepsOf(pointer)
  const path = [...subject.path, ...steps]
  const name = steps.length === 0 ? subject.what : `'${steps.join('.')}' of ${subject.what}`
  const at = subject.locate(path)
  const faults = [
    ...errors.flatMap(error => unknownKey(error, steps.length === 0 ? subject.what : name, { subject, path })),
    ...needed(errors, name, { at, templates: subject.templates }),
  ]
  const others = errors.filter(error => !aboutKeys.includes(error.keyword))
  const [first] = others
  if (first === undefined) return faults
  const types = [
    ...new Set(
      others
        .filter(error => error.keyword === 'type')
        .flatMap(error => error.params['type'] as string | readonly string[]),
    ),
  ]
  if (types.length > 0 && others.every(error => error.keyword === 'type'))
    return [...faults, wrongType(name, types, { data: first.data, at })]
  const [told] = others.filter(error => error.keyword !== 'type')
  return told === undefined ? faults : [...faults, wrongValue(name, told, at)]
}

const unknownKey = (
  error: ErrorObject,
  name: string,
  { subject, path }: { readonly subject: Subject; readonly path: readonly (string | number)[] },
): readonly Fault[] => {
  if (error.keyword !== 'additionalProperties' && error.keyword !== 'unevaluatedProperties') return []
  const key = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty'])
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {})
  const instead = subject.instead?.(key)
  const meant = instead === undefined ? didYouMean(key, known) : ''
  return [
    new Fault('unknown-key', `${name} has no '${key}'${meant}`, {
      at: subject.locate([...path, key], 'key'),
      hint: instead ?? (meant === '' ? `it takes ${known.join(', ')}` : undefined),
    }),
  ]
}

const maybeOmitted = (value: unknown): boolean => typeof value === 'string' && /\{\{.*\bomit\b.*\}\}/s.test(value)

/** Keys that must be there: one of several alternatives, or each of a list. */
const needed = (
  errors: readonly ErrorObject[],
  name: string,
  { at, templates }: { readonly at: Fault['at']; readonly templates: boolean },
): readonly Fault[] => {
  const choice = errors.find(error => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  const alternatives = ((choice?.schema ?? []) as readonly { readonly required?: readonly string[] }[]).flatMap(
    one => one.required ?? [],
  )
  const missing = errors
    .filter(error => error.keyword === 'required')
    .map(error => String(error.params['missingProperty']))
  if (alternatives.length === 0) return missing.map(key => new Fault('missing', `${name} needs '${key}'`, { at }))
  const values = (choice?.data ?? {}) as Readonly<Record<string, unknown>>
  // What may be omitted may not be there: that is seen when it is rendered.
  const given = Object.keys(values).filter(
    key => alternatives.includes(key) && !(templates && maybeOmitted(values[key])),
  )
  const open = templates && Object.keys(values).some(key => alternatives.includes(key) && maybeOmitted(values[key]))
  if (open && given.length <= 1)
    return missing
      .filter(key => !alternatives.includes(key))
      .map(key => new Fault('missing', `${name} needs '${key}'`, { at }))
  const list = alternatives.map(key => `'${key}'`).join(' or ')
  return [
    ...missing
      .filter(key => !alternatives.includes(key))
      .map(key => new Fault('missing', `${name} needs '${key}'`, { at })),
    given.length > 1
      ? new Fault('missing', `${name} takes ${list}, not both`, { at, hint: 'leave one of them away' })
      : new Fault('missing', `${name} needs ${list}`, { at }),
  ]
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
}

// A secret's value is not told, only what kind of value it is.
const typeOf = (value: unknown, name = ''): string =>
  /'([^']+)' of /.test(name) && namesSecret(/'(?:[^']*\.)?([^'.]+)' of /.exec(name)?.[1] ?? '')
    ? (words[Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value] ?? 'another value')
    : shownValue(value)

const shownValue = (value: unknown): string =>
  value === null
    ? 'nothing'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a map'
        : typeof value === 'string'
          ? `the text '${value.length > 40 ? `${value.slice(0, 40)}...` : value}'`
          : `${String(value)}`

const wrongType = (
  name: string,
  types: readonly string[],
  { data, at }: { readonly data: unknown; readonly at: Fault['at'] },
): Fault => {
  const wanted = types.map(type => words[type] ?? type).join(' or ')
  const mode = /'mode'/.test(name) && typeof data === 'number'
  return new Fault('type', `${name} takes ${wanted}, this is ${typeOf(data, name)}`, {
    at,
    hint: mode
      ? 'quote it: YAML reads a bare mode as a number'
      : types.includes('boolean')
        ? asBoolean(data)
        : /^'loop' of/.test(name) && data !== null && typeof data === 'object'
          ? 'a map becomes a list by loop: "{{ the_map | dict2items }}": item.key and item.value'
          : undefined,
  })
}

/** For who wrote yes or no: what YAML 1.2 wants. */
const asBoolean = (data: unknown): string | undefined => {
  if (typeof data !== 'string') return undefined
  const meant = /^(yes|on|y)$/i.test(data) ? 'true' : /^(no|off|n)$/i.test(data) ? 'false' : undefined
  return meant === undefined ? undefined : `write ${meant} (YAML 1.2 reads ${data} as a text)`
}

const wrongValue = (name: string, error: ErrorObject, at: Fault['at']): Fault => {
  const { keyword, params, data } = error
  const value = typeOf(data, name)
  const schema = error.parentSchema as {
    readonly description?: string
    /** What a text must look like, in words. */
    readonly form?: string
    readonly type?: string | readonly string[]
    /** What to write in the place of values that people expect here. */
    readonly instead?: Readonly<Record<string, string>>
    /** What it takes, in words, where its types alone do not say it. */
    readonly takes?: string
  }
  const types = [schema.type ?? []].flat()
  switch (keyword) {
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String)
      const instead = schema.instead ?? {}
      if (Object.hasOwn(instead, String(data)))
        return new Fault('value', `${name} cannot be ${value}`, { at, hint: instead[String(data)] })
      return new Fault('value', `${name} cannot be ${value}${didYouMean(String(data), allowed)}`, {
        at,
        hint: `it is one of ${allowed.join(', ')}`,
      })
    }
    case 'pattern':
      if (schema.takes !== undefined)
        return new Fault('type', `${name} takes ${schema.takes}, this is ${value}`, { at })
      // A text where another type is wanted may only be a template for it.
      return types.length > 1
        ? wrongType(
            name,
            types.filter(type => type !== 'string'),
            { data, at },
          )
        : new Fault('value', `${name} cannot be ${value}`, {
            at,
            hint: schema.form ?? schema.description ?? `it must match ${String(params['pattern'])}`,
          })
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      if (data === '' || Object.keys(data as object).length === 0)
        return new Fault('value', `${name} is empty`, { at, hint: schema.description })
      return new Fault('value', `${name} is too short: ${String(params['limit'])} or more are wanted`, { at })
    case 'minimum':
      return new Fault('value', `${name} is ${String(data)}, at least ${String(params['limit'])} is wanted`, { at })
    case 'maximum':
      return new Fault('value', `${name} is ${String(data)}, at most ${String(params['limit'])} is wanted`, { at })
    case 'dependentRequired':
      return new Fault(
        'value',
        `'${String(params['property'])}' of ${name} has no effect without '${String(params['missingProperty'])}'`,
        { at, hint: `take it away, or add ${String(params['missingProperty'])}` },
      )
    case 'const':
      return new Fault('value', `${name} must be ${String(params['allowedValue'])}`, { at })
    default:
      return new Fault('value', `${name} ${error.message ?? 'is not right'}`, { at })
  }
}
