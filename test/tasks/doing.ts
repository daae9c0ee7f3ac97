import { expect } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { AnyTaskType, Plan } from '../../src/model/task-type.ts'
import { openLocal } from '../../src/shell/local.ts'
import type { Output, Shell } from '../../src/shell/shell.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { decided, look } from './stages.ts'

export const SHELLS = [
  ['dash', ['/bin/dash']],
  ['bash', ['/bin/bash', '--posix']],
  ['busybox', ['/bin/busybox', 'sh']],
] as const

export const isRoot = process.getuid?.() === 0

/** In front of a command: it runs as an account that owns nothing. */
export const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

export const shellIn = (
  cwd: string,
  argv: readonly string[] = ['/bin/sh'],
  env: NodeJS.ProcessEnv = process.env,
): Shell => openLocal({ argv, cwd, env })

/** A task's plan against what a real shell finds. */
export async function planned(shell: Shell, type: string, given: JsonObject): Promise<Plan> {
  const task = typeOf(type)
  return decided(task, given, { state: await look(shell, task, given) })
}

const typeOf = (name: string): AnyTaskType => {
  const type = taskTypes.get(name)
  if (type === undefined) throw new Error(`no type ${name}`)
  return type
}

export const change = (shell: Shell, { sh, payload }: Pick<Change, 'sh' | 'payload'>): Promise<Output> =>
  shell.run(sh, { payload })

export interface Done {
  readonly plan: Plan
  /** Of the last change that was tried; 0 where there was none. */
  readonly code: number
  /** What it said, or why there is no plan. */
  readonly said: string
}

/** Looks, plans and changes, up to the first failure. */
export async function done(shell: Shell, type: string, params: JsonObject): Promise<Done> {
  const plan = await planned(shell, type, params)
  if (plan.problem !== undefined) return { plan, code: 1, said: plan.problem }
  for (const one of plan.changes) {
    const { code, stderr } = await change(shell, one)
    if (code !== 0) return { plan, code, said: String(stderr) }
  }
  return { plan, code: 0, said: '' }
}

/** Does it, and proves that nothing is left to do. */
export async function settled(shell: Shell, type: string, params: JsonObject): Promise<readonly Change[]> {
  const { plan, code, said } = await done(shell, type, params)
  expect([code, said], type).toEqual([0, ''])
  const again = await planned(shell, type, params)
  expect(again.problem).toBeUndefined()
  expect(again.changes.map(one => one.what)).toEqual([])
  return plan.changes
}

/** Takes changes back, newest first. */
export async function undone(shell: Shell, changes: readonly Change[]): Promise<void> {
  for (const { undo } of changes.toReversed()) {
    if (undo === undefined) throw new Error('there is no way back')
    const { code, stderr } = await change(shell, undo)
    expect([code, String(stderr)], 'undo').toEqual([0, ''])
  }
}
