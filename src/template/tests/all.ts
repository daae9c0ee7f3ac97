import type { Routines } from '../routine.ts'
import { addressTests } from './addresses.ts'
import { pathTests } from './paths.ts'
import { resultTests } from './results.ts'
import { textTests } from './texts.ts'
import { valueTests } from './values.ts'

/** Every test (`x is NAME`) by name. */
export const tests: Routines = { ...valueTests, ...textTests, ...resultTests, ...pathTests, ...addressTests }
