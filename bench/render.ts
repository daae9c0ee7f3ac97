import nunjucks from 'nunjucks'
import { renderString, type Scope } from '../src/template/template.ts'
import { median } from './median.ts'
import { cases, variables } from './render-cases.ts'

const scope: Scope = { has: name => Object.hasOwn(variables, name), get: name => variables[name] }

/** How long rendering takes once a template is compiled, beside nunjucks' own code for the same template. */
export function render({ rounds }: { readonly rounds: number }): void {
  console.log('| rendered, compiled before | mlplay us | nunjucks us | ratio |')
  console.log('| --- | --- | --- | --- |')
  const environment = new nunjucks.Environment()
  for (const [name, source] of Object.entries(cases)) {
    const options = {}
    const ours = () => renderString(source, scope, options)
    const template = new nunjucks.Template(source, environment)
    const theirs = () => template.render({ ...variables })
    const times = inTurns(rounds, sameText(ours, theirs) ? [ours, theirs] : [ours])
    const [mine = Number.NaN, other] = times
    const beside = other === undefined ? '- | -' : `${other.toFixed(2)} | ${(mine / other).toFixed(2)}`
    console.log(`| ${name} | ${mine.toFixed(2)} | ${beside} |`)
  }
  console.log()
}

// nunjucks lacks some of Jinja2's statements and filters: there is nothing to compare then.
const sameText = (ours: () => unknown, theirs: () => string): boolean => {
  const text = String(ours())
  try {
    return theirs() === text
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

/** Microseconds of processor time of one call of each, measured in turns. */
const inTurns = (rounds: number, actions: readonly (() => unknown)[]): readonly number[] => {
  const measured = actions.map(action => ({ action, count: callsFor(action), each: [] as number[] }))
  for (let round = 0; round < 3 * rounds; round++)
    for (const { action, count, each } of measured) each.push(microseconds(action, count) / count)
  return measured.map(({ each }) => median(each))
}

/** As many calls as take 20 ms: the processor's clock is coarse. */
const callsFor = (action: () => unknown): number => {
  let count = 16
  while (microseconds(action, count) < 20_000) count *= 2
  return count
}

const microseconds = (action: () => unknown, count: number): number => {
  const before = process.cpuUsage()
  for (let i = 0; i < count; i++) action()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
