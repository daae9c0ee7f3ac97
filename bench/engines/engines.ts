import { ansible, mitogen } from './ansible.ts'
import type { Engine } from './engine.ts'
import { mlplay } from './mlplay.ts'
import { pyinfra } from './pyinfra.ts'

/** Those that know the role, mlplay first: ratios are to it. `only`: parts of names with commas between them. */
export async function engines(only: string): Promise<readonly Engine[]> {
  const all = [mlplay(), await ansible('warm'), await ansible('cold'), await mitogen(), await pyinfra()]
  return all.filter(({ name }) => only.split(',').some(part => name.includes(part)))
}
