import { Fault } from '../model/fault.ts'
import type { Locate } from '../model/playbook.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { Ajv2020, type ErrorObject, type ValidateFunction } from './ajv.ts'

let ajv: Ajv2020 | undefined
const compiled = new WeakMap<object, ValidateFunction>()

// Each schema is compiled when something first uses it: a run pays for the task types it has.
const validatorOf = (schema: object): ValidateFunction => {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  // Each validator runs a few times: what its optimizer costs never comes back.
  ajv ??= new Ajv2020({
    allErrors: true,
    strict: false,
    allowUnionTypes: true,
    verbose: true,
    validateSchema: false,
    validateFormats: false,
    code: { optimize: false },
  })
  const made = ajv.compile(schema)
  compiled.set(schema, made)
  return made
}

const isTemplate = (value: unknown): boolean => typeof value === 'string' && /\{[{%]/.test(value)

export interface Subject {
  /** What the value is, for messages: `ensure-dir`, `a play`. */
  readonly what: string
  readonly locate: Locate
  /** Path of the value inside the document that `locate` knows. */
  readonly path: readonly (string | number)[]
  /** Values that hold a template wait until they are rendered. */
  readonly templates: boolean
}

/** What a schema has against a value, in our own words, one fault for each mistake. */
export function validate(schema: object, value: unknown, subject: Subject): readonly Fault[] {
  const check = validatorOf(schema)
  if (check(value)) return []
  const errors = (check.errors ?? []).filter(error => !(subject.templates && isTemplate(error.data)))
  const byPlace = new Map<string, ErrorObject[]>()
  for (const error of errors) {
    const list = byPlace.get(error.instancePath) ?? []
    list.push(error)
    byPlace.set(error.instancePath, list)
  }
  // A branch of anyOf that failed deeper inside is told only there.
  return [...byPlace].flatMap(([pointer, list]) => faultsAt(pointer, list, subject))
}

const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))

const faultsAt = (pointer: string, errors: readonly ErrorObject[], subject: Subject): readonly Fault[] => {
  const steps = stepsOf(pointer)
  const path = [...subject.path, ...steps]
  const name = steps.length === 0 ? subject.what : `'${steps.join('.')}' of ${subject.what}`
  const faults: Fault[] = []
  for (const error of errors) {
    if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
      const key = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty'])
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {})
      faults.push(
        new Fault('unknown-key', `${subject.what} has no '${key}'${didYouMean(key, known)}`, {
          at: subject.locate([...path, key], 'key'),
          hint: `it takes ${known.slice(0, 24).join(', ')}`,
        }),
      )
    } else if (error.keyword === 'required') {
      faults.push(
        new Fault('missing', `${name} needs '${String(error.params['missingProperty'])}'`, {
          at: subject.locate(path),
        }),
      )
    }
  }
  const others = errors.filter(
    error =>
      !['additionalProperties', 'unevaluatedProperties', 'required', 'anyOf', 'oneOf', 'if'].includes(error.keyword),
  )
  const [first] = others
  if (first === undefined) {
    if (
      faults.length === 0 &&
      errors.some(error => error.keyword === 'anyOf' || error.keyword === 'oneOf') &&
      errors.length > 0
    ) {
      const alternatives = (errors[0]?.schema as readonly { required?: readonly string[] }[] | undefined) ?? []
      const needs = alternatives.flatMap(one => one.required ?? [])
      faults.push(
        new Fault(
          'missing',
          `${name} needs ${needs.length > 0 ? `one of: ${[...new Set(needs)].join(', ')}` : 'another value'}`,
          { at: subject.locate(path) },
        ),
      )
    }
    return faults
  }
  const at = subject.locate(path)
  const types = [
    ...new Set(
      others
        .filter(error => error.keyword === 'type')
        .flatMap(error => error.params['type'] as string | readonly string[]),
    ),
  ]
  if (types.length > 0 && others.every(error => error.keyword === 'type'))
    faults.push(wrongType(name, types, { data: first.data, at }))
  else
    faults.push(
      ...others
        .filter(error => error.keyword !== 'type')
        .slice(0, 1)
        .map(error => other(name, error, at)),
    )
  return faults
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

const typeOf = (value: unknown): string =>
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
  const yes = typeof data === 'string' && /^(yes|on)$/i.test(data)
  const no = typeof data === 'string' && /^(no|off)$/i.test(data)
  const hint =
    types.includes('boolean') && (yes || no)
      ? `write ${yes} (YAML 1.2 reads ${String(data)} as a text)`
      : /'mode'/.test(name) && typeof data === 'number'
        ? 'quote it: YAML reads a bare mode as a number'
        : undefined
  return new Fault('type', `${name} takes ${wanted}, this is ${typeOf(data)}`, { at, hint })
}

const other = (name: string, error: ErrorObject, at: Fault['at']): Fault => {
  const { keyword, params, data } = error
  const value = typeOf(data)
  if (keyword === 'enum') {
    const allowed = (params['allowedValues'] as readonly unknown[]).map(String)
    return new Fault('value', `${name} cannot be ${value}${didYouMean(String(data), allowed)}`, {
      at,
      hint: `it is one of ${allowed.join(', ')}`,
    })
  }
  if (keyword === 'pattern')
    return new Fault('value', `${name} cannot be ${value}`, {
      at,
      hint:
        (error.parentSchema as { description?: string })?.description ?? `it must match ${String(params['pattern'])}`,
    })
  if (keyword === 'const') return new Fault('value', `${name} must be ${String(params['allowedValue'])}`, { at })
  return new Fault('value', `${name} ${error.message ?? 'is not right'}`, { at })
}
