import { attributeParams } from './attributes.ts'
import { pathParam } from './host-path.ts'

const HOST_PATH = 'an absolute path; ~ is the home of the account there'

/** Param of a path on the host. */
export const path = pathParam(HOST_PATH)

/** Params of whatever writes a whole file. */
export const fileParams = {
  dest: pathParam(HOST_PATH),
  ...attributeParams,
  backup: { type: 'boolean', description: 'keep the old file beside the new one, with the time in its name' },
  validate: {
    type: 'string',
    pattern: '%s',
    description: 'a command that must accept the new file, %s, before it takes its place',
  },
} as const
