import { dump } from 'js-yaml'
import { Fault } from '../model/fault.ts'
import type { AnyTaskType } from '../model/task-type.ts'
import { taskTypes } from '../tasks/registry.ts'
import { didYouMean } from '../text/did-you-mean.ts'

/** `mlplay doc`: the same literals that check a playbook, as a page. */
export function doc(name: string | undefined): number {
  const say = (text: string) => process.stdout.write(`${text}\n`)
  if (name === undefined) {
    const width = Math.max(...[...taskTypes.keys()].map(one => one.length))
    for (const type of taskTypes.values()) say(`${type.name.padEnd(width)}  ${type.summary}`)
    say('\nmlplay doc TASK shows one of them in full.')
    return 0
  }
  const type = taskTypes.get(name)
  if (type === undefined)
    throw new Fault('task-type', `unknown task '${name}'${didYouMean(name, [...taskTypes.keys()])}`, {
      hint: 'mlplay doc lists the task types',
    })
  say(page(type))
  return 0
}

interface Property {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly anyOf?: readonly Property[]
}

function page(type: AnyTaskType): string {
  const required = new Set((type.params['required'] as readonly string[] | undefined) ?? [])
  const rows = Object.entries(type.params.properties as Record<string, Property>).map(([name, property]) => {
    const notes = [
      kindOf(property),
      required.has(name) ? 'required' : undefined,
      property.default === undefined ? undefined : `default ${JSON.stringify(property.default)}`,
    ]
    return `  ${name}: ${notes.filter(note => note !== undefined).join(', ')}\n${property.description === undefined ? '' : `      ${property.description}\n`}`
  })
  const nature =
    type.nature === 'query'
      ? '\nIt only looks: it never changes a host.\n'
      : type.nature === 'opaque'
        ? '\nWhat it changes cannot be known beforehand, so it is not verified.\n'
        : ''
  const [sample] = (type.samples ?? []).filter(one => typeof one.expect !== 'object')
  const example =
    sample === undefined
      ? ''
      : `\nExample:\n${indented(
          dump([{ name: sample.title, [type.name]: sample.params }])
            .replaceAll('@DIR@', '/srv')
            .replaceAll('@FIXTURES@/', ''),
        )}`
  const bare =
    type.shorthand === undefined
      ? ''
      : `\n\`${type.name}: VALUE\` is short for \`${type.name}: { ${type.shorthand}: VALUE }\`.\n`
  return `${type.name}: ${type.summary}\n${nature}\nParams:\n${rows.length === 0 ? '  none\n' : rows.join('')}${bare}${example}`
}

const kindOf = (property: Property): string => {
  if (property.enum !== undefined) return property.enum.join(' | ')
  const types =
    property.anyOf === undefined ? [property.type ?? 'any'].flat() : property.anyOf.flatMap(one => one.type ?? [])
  return [...new Set(types)].join(' or ')
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ').trimEnd()
