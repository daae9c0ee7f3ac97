import type { AnyTaskType } from '../../model/task-type.ts'
import { actions } from '../playbook/steps.ts'
import { includeFileSchema, includeRoleSchema } from './include-maps.ts'
import { placeSchema } from './place-schema.ts'

const steps = { type: ['array', 'null'], items: { $ref: '#/$defs/step' } } as const
const handlerList = { type: ['array', 'null'], items: { $ref: '#/$defs/handler' } } as const
const importing = [
  ['import_tasks', includeFileSchema('import_tasks')],
  ['include_tasks', includeFileSchema('include_tasks')],
  ['import_role', includeRoleSchema('import_role')],
  ['include_role', includeRoleSchema('include_role')],
] as const
const template = { type: 'string', pattern: '\\{\\{' } as const

/** JSON Schema of a playbook, composed from the keywords and from each task type's own params. */
export function playbookSchema(types: ReadonlyMap<string, AnyTaskType>): object {
  const ofTypes = Object.fromEntries(
    [...types.values()].map(type => [type.name, { description: type.summary, ...paramsOf(type) }]),
  )
  const step = (keywords: object) => ({
    type: 'object',
    additionalProperties: false,
    properties: { ...keywords, ...ofTypes },
    oneOf: Object.keys(ofTypes).map(name => ({ required: [name] })),
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mlplay playbook',
    type: 'array',
    items: { $ref: '#/$defs/play' },
    $defs: {
      play: {
        type: 'object',
        additionalProperties: false,
        anyOf: [{ required: ['hosts'] }, { required: ['import_playbook'] }],
        properties: {
          ...placeSchema('play').properties,
          import_playbook: { type: 'string' },
          roles: {
            type: 'array',
            items: {
              anyOf: [
                { type: 'string' },
                {
                  type: 'object',
                  // What is no keyword is a param of the role.
                  additionalProperties: true,
                  anyOf: [{ required: ['role'] }, { required: ['name'] }],
                  properties: {
                    ...placeSchema('role').properties,
                    name: { type: 'string', description: 'the same as role' },
                  },
                },
              ],
            },
          },
          pre_tasks: steps,
          tasks: steps,
          post_tasks: steps,
          handlers: handlerList,
        },
      },
      step: {
        anyOf: [
          { $ref: '#/$defs/task' },
          {
            type: 'object',
            additionalProperties: false,
            required: ['block'],
            properties: { ...placeSchema('block').properties, block: steps, rescue: steps, always: steps },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: ['meta'],
            properties: {
              ...placeSchema('meta').properties,
              meta: { enum: actions },
            },
          },
          ...importing.map(([name, map]) => ({
            type: 'object',
            additionalProperties: false,
            required: [name],
            properties: { ...placeSchema('import').properties, [name]: { anyOf: [{ type: 'string' }, map] } },
          })),
        ],
      },
      task: step(placeSchema('task').properties),
      handler: {
        anyOf: [
          step(placeSchema('handler').properties),
          {
            type: 'object',
            additionalProperties: false,
            required: ['block'],
            properties: { ...placeSchema('handler block').properties, block: handlerList },
          },
          {
            type: 'object',
            additionalProperties: false,
            required: ['meta'],
            properties: { ...placeSchema('handler import').properties, meta: { const: 'noop' } },
          },
          ...(['import_tasks', 'include_tasks'] as const).map(name => ({
            type: 'object',
            additionalProperties: false,
            required: [name],
            properties: {
              ...placeSchema('handler import').properties,
              [name]: { anyOf: [{ type: 'string' }, includeFileSchema(name)] },
            },
          })),
        ],
      },
    },
  }
}

const paramsOf = (type: AnyTaskType): object => {
  const given = type.params.properties
  const properties = Object.fromEntries(
    Object.entries(given).map(([name, property]) => [name, { anyOf: [property, template] }]),
  )
  const required = ['required', 'oneOf', 'anyOf'].some(keyword => type.params[keyword] !== undefined)
  return {
    anyOf: [
      { ...type.params, properties },
      ...(type.shorthand === undefined ? [] : [given[type.shorthand], template]),
      ...(required ? [] : [{ type: 'null' }]),
    ],
  }
}

const vars = { type: 'object' } as const
const group = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    hosts: { type: ['object', 'null'], additionalProperties: { type: ['object', 'null'] } },
    vars,
    children: { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/group' } },
  },
} as const

export const inventorySchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'mlplay inventory',
  type: 'object',
  additionalProperties: { $ref: '#/$defs/group' },
  $defs: { group },
}
