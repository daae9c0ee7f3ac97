import { ansible, mitogen } from './ansible.ts'
import type { Engine } from './engine.ts'
import { mlplay } from './mlplay.ts'
import { pyinfra } from './pyinfra.ts'

/** Those that know the role, mlplay first: ratios are to it. */
export const engines = async (): Promise<readonly Engine[]> => [
  mlplay(),
  await ansible('warm'),
  await ansible('cold'),
  await mitogen(),
  await pyinfra(),
]
