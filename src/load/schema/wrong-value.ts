import { Fault } from '../../model/fault.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { namesSecret } from '../../text/secret-lines.ts'
import type { SchemaError } from './validator.ts'

/** An error with what it is about: the value, the keyword's own value in the schema, and the schema that holds it. */
export interface ErrorObject extends SchemaError {
  readonly data: unknown
  readonly schema: unknown
  readonly parentSchema: unknown
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

/** The fault of a value of another type than is wanted. */
export const wrongType = (
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

/** The fault of a value of the right type that cannot be, by the keyword of the schema that refuses it. */
export const wrongValue = (name: string, error: ErrorObject, at: Fault['at']): Fault => {
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
