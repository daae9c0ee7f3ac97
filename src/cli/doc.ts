import { dump } from 'js-yaml'
import { Fault } from '../model/fault.ts'
import type { AnyTaskType } from '../model/task-type.ts'
import { taskTypes } from '../tasks/registry.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { documentedRole, documentedRoles, roleMarkdown, rolePage } from './doc-role.ts'

export interface DocOptions {
  /** Print the settings of a role as Markdown. */
  readonly markdown?: boolean
}

/** `mlplay doc`: pages made from the same schemas that check playbooks. */
export function doc(name: string | undefined, options: DocOptions = {}): number {
  const say = (text: string) => process.stdout.write(`${text}\n`)
  if (name === undefined) {
    const width = Math.max(...[...taskTypes.keys()].map(one => one.length))
    for (const type of taskTypes.values()) say(`${type.name.padEnd(width)}  ${type.summary}`)
    const roles = documentedRoles(process.cwd())
    if (roles.length > 0) say(`\nRoles: ${roles.join(', ')}`)
    say(
      `\nmlplay doc TASK shows a task type in full${roles.length > 0 ? ', mlplay doc ROLE the settings of a role' : ''}.`,
    )
    return 0
  }
  const role = documentedRole(name, process.cwd())
  if (role !== undefined) {
    say(options.markdown === true ? roleMarkdown(role) : rolePage(role))
    return 0
  }
  if (options.markdown === true)
    throw new Fault('role', `--markdown is for roles with a meta/argument_specs.yml, and roles/${name} is none`)
  const type = taskTypes.get(name)
  if (type === undefined)
    throw new Fault(
      'task-type',
      `unknown task '${name}'${didYouMean(name, [...taskTypes.keys(), ...documentedRoles(process.cwd())])}`,
      {
        hint: 'mlplay doc lists the task types and roles',
      },
    )
  say(page(type))
  return 0
}

interface Property {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly Property[]
  readonly items?: Property
  readonly properties?: Readonly<Record<string, Property>>
  readonly required?: readonly string[]
}

function page(type: AnyTaskType): string {
  const rows = rowsOf(type.params as Property, '  ')
  const nature =
    type.nature === 'query'
      ? '\nIt only looks: it never changes a host.\n'
      : type.nature === 'opaque'
        ? '\nWhat it changes cannot be known beforehand, so it is not verified. What is registered holds rc, stdout, stderr,\nstdout_lines and stderr_lines.\n'
        : ''
  const bare =
    type.shorthand === undefined
      ? ''
      : `\n\`${type.name}: VALUE\` is short for \`${type.name}: { ${type.shorthand}: VALUE }\`.\n`
  return `${type.name}: ${type.summary}\n${nature}\nParams:\n${rows.length === 0 ? '  none\n' : rows.join('')}${choice(type)}${bare}${exampleOf(type)}`
}

const rowsOf = (schema: Property, indent: string): readonly string[] =>
  Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const notes = [
      kindOf(property),
      rangeOf(property),
      schema.required?.includes(name) === true ? 'required' : undefined,
      property.default === undefined ? undefined : `default ${JSON.stringify(property.default)}`,
    ]
    const told = property.description === undefined ? '' : `${indent}    ${property.description}\n`
    const inside = property.items?.properties === undefined ? '' : rowsOf(property.items, `${indent}    `).join('')
    return `${indent}${name}: ${notes.filter(note => note !== undefined).join(', ')}\n${told}${inside}`
  })

/** Text for params of which one is required: a `oneOf` or `anyOf` of `required`. */
const choice = ({ params }: AnyTaskType): string => {
  const one = (params['oneOf'] ?? params['anyOf']) as readonly Property[] | undefined
  const names = (one ?? []).flatMap(({ required }) => required ?? [])
  return names.length === 0
    ? ''
    : `\n${params['oneOf'] === undefined ? 'At least one' : 'Exactly one'} of ${names.join(', ')} is needed.\n`
}

const exampleOf = (type: AnyTaskType): string => {
  const shown = type.example
  if (shown === undefined) return ''
  const text = dump([{ name: shown.name, [type.name]: shown.params }], { lineWidth: -1 })
  return `\nExample:\n${indented(text)}`
}

const rangeOf = ({ minimum, maximum }: Property): string | undefined =>
  minimum === undefined ? undefined : maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`

const kindOf = (property: Property): string => {
  if (property.enum !== undefined) return property.enum.join(' | ')
  const types =
    property.anyOf === undefined ? [property.type ?? 'any'].flat() : property.anyOf.flatMap(one => one.type ?? [])
  return [...new Set(types)].join(' or ')
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ').trimEnd()
