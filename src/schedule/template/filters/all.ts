import type { Filters } from './filter.ts'
import { listFilters, registry } from './lists.ts'
import { textFilters } from './text.ts'
import { valueFilters } from './values.ts'

/** Every filter by name. */
export const filters: Filters = { ...textFilters, ...listFilters, ...valueFilters }
registry.filters = filters
