import { defineScalarTag, FAILSAFE_SCHEMA, loadAll, mergeTag, NOT_RESOLVED, YAMLException } from 'js-yaml'
import { integer } from '../../text/exact-number.ts'
import { float, isDict } from '../values.ts'

// Data of other programs is read by YAML 1.1, as Ansible's filter does: `yes` is true, 0644 is octal.
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/

const whole = (source: string): unknown => {
  const text = source.replaceAll('_', '')
  const [, sign, digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? []
  const signed = (value: bigint) => integer(sign === '-' ? -value : value)
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return signed(BigInt(digits))
  if (/^0[0-7]+$/.test(digits)) return signed(BigInt(`0o${digits.slice(1)}`))
  if (/^(?:0|[1-9]\d*)$/.test(digits)) return signed(BigInt(digits))
  if (/^[1-9]\d*(?::[0-5]?\d)+$/.test(digits))
    return signed(digits.split(':').reduce((all, part) => all * 60n + BigInt(part), 0n))
  return NOT_RESOLVED
}

const fraction = (source: string): unknown => {
  const text = source.replaceAll('_', '')
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN
  if (/^[-+]?\d+\.\d*(?:[eE][-+]\d+)?$/.test(text) || /^\.\d+(?:[eE][-+]\d+)?$/.test(text)) return float(Number(text))
  if (!/^[-+]?\d+(?::[0-5]?\d)+\.\d*$/.test(text)) return NOT_RESOLVED
  const size = text
    .replace(/^[-+]/, '')
    .split(':')
    .reduce((all, part) => all * 60 + Number(part), 0)
  return float(text.startsWith('-') ? -size : size)
}

const scalar = (name: string, resolve: (source: string) => unknown) =>
  defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    resolve,
    identify: () => false,
    represent: String,
  } as Parameters<typeof defineScalarTag<unknown>>[1])

const schema = FAILSAFE_SCHEMA.withTags(
  scalar('null', source => (/^(?:~|null|Null|NULL|)$/.test(source) ? null : NOT_RESOLVED)),
  scalar('bool', source => (TRUE.test(source) ? true : FALSE.test(source) ? false : NOT_RESOLVED)),
  scalar('int', whole),
  scalar('float', fraction),
  mergeTag,
)

const MOST_NODES = 1_000_000

/** All documents of a YAML text. Throws a `TypeError` with the place of what cannot be read. */
export function readYamlDocuments(text: string): readonly unknown[] {
  let documents: readonly unknown[]
  try {
    documents = loadAll(text, { schema, maxAliases: 1000 })
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new TypeError(`this is no YAML: ${error.message.replaceAll('\n', ' ')}`, { cause: error })
  }
  bounded(documents, { left: MOST_NODES })
  return documents
}

export function readYaml(text: string): unknown {
  const documents = readYamlDocuments(text)
  if (documents.length > 1) throw new TypeError('one document is expected, there are more: from_yaml_all reads them')
  return documents[0] ?? null
}

// A few lines of aliases can stand for more values than there is memory.
const bounded = (value: unknown, budget: { left: number }): void => {
  if (--budget.left < 0) throw new RangeError(`the YAML stands for more than ${MOST_NODES} values`)
  if (Array.isArray(value)) for (const item of value) bounded(item, budget)
  else if (isDict(value)) for (const item of Object.values(value)) bounded(item, budget)
}
