import { compareVersions, type VersionType } from '../../../text/versions.ts'
import { urlParts } from '../filters/urls.ts'
import { flag, list, nullable, oneOf, optional, shown, text } from '../parameters.ts'
import { firstMatch, type Way } from '../regex.ts'
import { type Routines, routine } from '../routine.ts'

const ignorecase = optional(flag, false)
const multiline = optional(flag, false)
const matching = (way: Way) =>
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

const uri = (value: string, schemes: readonly unknown[] | null): boolean => {
  try {
    const parts = urlParts(value)
    const known = parts['scheme'] !== ''
    const wanted = schemes === null || schemes.includes(parts['scheme'])
    return (
      known && wanted && [parts['netloc'], parts['path'], parts['query'], parts['fragment']].some(part => part !== '')
    )
  } catch {
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
  uri: routine({ value: shown, schemes }, call => uri(call.value, call.schemes)),
  url: routine({ value: shown, schemes }, call => {
    if (!uri(call.value, call.schemes)) return false
    const parts = urlParts(call.value)
    return parts['netloc'] !== '' || parts['scheme'] === 'file'
  }),
  urn: routine({ value: shown }, ({ value }) => uri(value, ['urn'])),
}
