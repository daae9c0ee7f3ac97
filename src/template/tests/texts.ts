import { rethrowBug } from '../../text/rethrow-bug.ts'
import { compareVersions, type VersionType } from '../../text/versions.ts'
import { urlParts } from '../filters/urls.ts'
import { anything, flag, list, nullable, oneOf, optional, shown, text } from '../parameters.ts'
import { firstMatch, type SearchMode } from '../regex.ts'
import { type Routines, routine } from '../routine.ts'
import { show } from '../values.ts'

const ignorecase = optional(flag, false)
const multiline = optional(flag, false)
const matching = (way: SearchMode) =>
  routine(
    { value: shown, pattern: optional(text, ''), ignorecase, multiline },
    ({ value, pattern, ...flags }, context) =>
      firstMatch(value, { source: pattern, flags, way }, context) !== undefined,
  )

const OPERATORS = ['==', '=', 'eq', '<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge', '!=', '<>', 'ne'] as const
const holds = (order: number, operator: (typeof OPERATORS)[number]): boolean => {
  switch (operator) {
    case '==':
    case '=':
    case 'eq':
      return order === 0
    case '<':
    case 'lt':
      return order < 0
    case '<=':
    case 'le':
      return order <= 0
    case '>':
    case 'gt':
      return order > 0
    case '>=':
    case 'ge':
      return order >= 0
    default:
      return order !== 0
  }
}

const types: readonly VersionType[] = ['loose', 'strict', 'semver', 'semantic', 'pep440']
const version = routine(
  {
    value: shown,
    version: shown,
    operator: optional(oneOf(...OPERATORS), 'eq'),
    strict: nullable(flag),
    version_type: nullable(oneOf(...types)),
  },
  ({ value, version: other, operator, strict, version_type }) => {
    if (strict !== null && version_type !== null) throw new TypeError('version takes strict or version_type, not both')
    if (value === '' || other === '') throw new TypeError('version cannot compare an empty text')
    return holds(compareVersions(value, other, strict === true ? 'strict' : (version_type ?? 'loose')), operator)
  },
)

const uri = (value: unknown, schemes: readonly unknown[] | null): boolean => {
  if (typeof value !== 'string') return false
  try {
    const { scheme } = urlParts(value)
    return schemes === null || schemes.includes(scheme)
  } catch (error) {
    rethrowBug(error)
    return false
  }
}
const schemes = nullable(list)

/** Tests of texts: patterns, versions, addresses. */
export const textTests: Routines = {
  match: matching('match'),
  search: matching('search'),
  regex: routine(
    {
      value: shown,
      pattern: optional(text, ''),
      ignorecase,
      multiline,
      match_type: optional(oneOf('search', 'match', 'fullmatch'), 'search'),
    },
    ({ value, pattern, match_type, ...flags }, context) =>
      firstMatch(value, { source: pattern, flags, way: match_type }, context) !== undefined,
  ),
  version,
  version_compare: version,
  uri: routine({ value: anything, schemes }, call => uri(call.value, call.schemes)),
  url: routine({ value: anything, schemes }, call => {
    if (!uri(call.value, call.schemes)) return false
    const parts = urlParts(show(call.value))
    return parts['netloc'] !== '' || parts['scheme'] === 'file'
  }),
  urn: routine({ value: anything }, ({ value }) => uri(value, ['urn'])),
}
