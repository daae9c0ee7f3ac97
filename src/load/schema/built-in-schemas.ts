import { places } from '../../model/keyword-places.ts'
import { includeFileSchema, includeRoleSchema, roleMetaSchema } from './include-maps.ts'
import { placeSchema } from './place-schema.ts'
import { argumentSpecsFileSchema, argumentSpecsSchema } from './role-spec-schema.ts'

/** Every schema that the loader checks with, but for the params of task types. The build compiles a validator for each. */
export const builtInSchemas: Readonly<Record<string, object>> = {
  ...Object.fromEntries(places.map(place => [place, placeSchema(place)])),
  argumentSpecsFileSchema,
  argumentSpecsSchema,
  roleMetaSchema,
  importRoleSchema: includeRoleSchema('import_role'),
  includeRoleSchema: includeRoleSchema('include_role'),
  importTasksSchema: includeFileSchema('import_tasks'),
  includeTasksSchema: includeFileSchema('include_tasks'),
}
