import { keyword, ownOfTask } from './keywords.ts'
import type { Block, Conditional, Play, Step, Task } from './playbook.ts'

type Part = 'block' | 'rescue' | 'always'
const allParts: readonly Part[] = ['block', 'rescue', 'always']

/** Steps with those inside of blocks, in the order of the text; of a block only these parts. */
export const stepsIn = (steps: readonly Step[], parts = allParts): readonly Step[] =>
  steps.flatMap(step => (step.kind === 'block' ? [step, ...parts.flatMap(part => stepsIn(step[part], parts))] : [step]))

/** Tasks among steps and inside of blocks, in the order of the text; of a block only these parts. */
export const tasksIn = (steps: readonly Step[], parts = allParts): readonly Task[] =>
  stepsIn(steps, parts).filter(step => step.kind === 'task')

export const blocksIn = (steps: readonly Step[]): readonly Block[] =>
  stepsIn(steps).filter(step => step.kind === 'block')

/** A play's steps in the order in which their sections run. */
export const sectionsOf = (play: Play): readonly Step[] => [...play.pre_tasks, ...play.tasks, ...play.post_tasks]

/** Every task of a play: its blocks' and its handlers', too. */
export const allTasks = (play: Play): readonly Task[] => [...tasksIn(sectionsOf(play)), ...play.handlers]

const ownConditions = ownOfTask.filter(name => keyword(name).takes === 'conditions')

/** The lists of conditions of a task: those of its `when` first, with what stands around it, then each of its own. */
export const conditionsOf = (task: Task): readonly (readonly Conditional[])[] => [
  task.inherited.when,
  ...ownConditions.flatMap(name => (task[name] === undefined ? [] : [task[name] as readonly Conditional[]])),
]
