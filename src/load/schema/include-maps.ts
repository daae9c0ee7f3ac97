import { mapOf } from './place-schema.ts'

const text = { type: 'string' } as const
const map = { type: 'object' } as const

/** The map that `include_tasks` and `import_tasks` take in the place of a file's name. */
export const includeFileSchema = (kind: 'import_tasks' | 'include_tasks') =>
  kind === 'import_tasks' ? importFile : includeFile
const importFile = mapOf({ file: text }, ['file'])
const includeFile = mapOf({ file: text, apply: map }, ['file'])

const from = { type: 'string', minLength: 1 } as const
const rolePlace = {
  name: { type: 'string', minLength: 1, description: 'which role' },
  tasks_from: { ...from, description: 'the file of tasks/ in the place of main.yml' },
  handlers_from: { ...from, description: 'the file of handlers/ in the place of main.yml' },
  vars_from: { ...from, description: 'the file of vars/ in the place of main.yml' },
  defaults_from: { ...from, description: 'the file of defaults/ in the place of main.yml' },
  public: {
    type: 'boolean',
    description: "all tasks of the play see the role's variables: import_role unless false, include_role if true",
  },
  allow_duplicates: { type: 'boolean', description: 'false: not again where the same call has run' },
  rolespec_validate: { type: 'boolean', description: 'false: its meta/argument_specs.yml is not asked' },
} as const

/** The map that `import_role` and `include_role` take. */
export const includeRoleSchema = (kind: string) => (kind === 'import_role' ? importRole : includeRole)
const importRole = mapOf(rolePlace, ['name'])
const includeRole = mapOf({ ...rolePlace, apply: map }, ['name'])

/** `meta/main.yml` of a role: galaxy_info is for others to read. */
export const roleMetaSchema = mapOf({
  galaxy_info: {},
  dependencies: { type: ['array', 'null'], description: 'roles that run before it' },
  allow_duplicates: { type: 'boolean' },
  collections: { type: ['array', 'null'] },
  argument_specs: map,
})
