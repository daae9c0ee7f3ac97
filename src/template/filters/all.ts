import type { Routines } from '../routine.ts'
import { addressFilters } from './addresses.ts'
import { chooseFilters } from './choose.ts'
import { commentFilters } from './comments.ts'
import { defaultFilters } from './defaults.ts'
import { dictFilters } from './dicts.ts'
import { encodingFilters } from './encodings.ts'
import { fileFilters } from './files.ts'
import { listFilters } from './lists.ts'
import { numberFilters } from './numbers.ts'
import { orderFilters } from './order.ts'
import { passwordFilters } from './passwords.ts'
import { pathFilters } from './paths.ts'
import { regexFilters } from './regexes.ts'
import { serialFilters } from './serial.ts'
import { sizeFilters } from './sizes.ts'
import { timeFilters } from './times.ts'
import { urlFilters } from './urls.ts'
import { wordFilters } from './words.ts'

/** Every filter by name. */
export const filters: Routines = {
  ...wordFilters,
  ...commentFilters,
  ...regexFilters,
  ...listFilters,
  ...orderFilters,
  ...chooseFilters,
  ...dictFilters,
  ...numberFilters,
  ...sizeFilters,
  ...serialFilters,
  ...encodingFilters,
  ...urlFilters,
  ...pathFilters,
  ...fileFilters,
  ...timeFilters,
  ...passwordFilters,
  ...defaultFilters,
  ...addressFilters,
}
