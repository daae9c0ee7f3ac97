import { Fault } from '../../model/fault.ts'
import type { Locate } from '../../model/playbook.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { plainNumbers } from '../../text/exact-number.ts'
import { isTemplate } from './coerce.ts'
import type { SchemaError } from './validator.ts'
import { validatorOf } from './validators.ts'
import { type ErrorObject, wrongType, wrongValue } from './wrong-value.ts'

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
