// A task's way through its type, stage by stage, by the engine's own functions.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { checkParams, coercedParams } from '../../src/load/schema/check-params.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { expressionKind, sourcesOf } from '../../src/model/params.ts'
import type { AnyTaskType, Plan, PlanContext } from '../../src/model/task-type.ts'
import { planOf, probeScript } from '../../src/run/frame/type-code.ts'
import { problemOf, readState, reporting } from '../../src/shell/probe-protocol.ts'
import type { Output, Shell } from '../../src/shell/shell.ts'
import { reportedState } from '../../src/tasks/kit/requirements.ts'
import { sh } from '../../src/text/sh.ts'

const MARK = 'mark'

/** Params as a probe gets them: converted, with the defaults of the schema. */
export const filled = (type: AnyTaskType, given: JsonObject): JsonObject => {
  const defaults = Object.entries(type.params.properties).flatMap(([name, schema]) =>
    'default' in schema ? [[name, schema.default] as const] : [],
  )
  return { ...Object.fromEntries(defaults), ...coercedParams(type, given) } as JsonObject
}

/** Params as `plan` gets them: checked, files and templates read. Expressions come as the engine evaluates them. */
export function prepared(type: AnyTaskType, given: JsonObject): JsonObject {
  const all = filled(type, given)
  const expressions = Object.keys(all).some(name => expressionKind(type.params, name) !== undefined)
  if (!expressions) {
    const { faults } = checkParams(type, all, () => ({ file: type.name, line: 1, column: 1 }))
    expect(faults.map(fault => fault.message)).toEqual([])
  }
  const read = sourcesOf(type.params).flatMap(([name, kind]) => {
    const path = all[name]
    if (typeof path !== 'string') return []
    const bytes = readFileSync(path)
    return [[name, kind === 'file' ? { path, bytes } : { path, text: bytes.toString('utf8') }] as const]
  })
  return { ...all, ...Object.fromEntries(read) } as unknown as JsonObject
}

/** The script with which the engine asks a host. */
export const question = (type: AnyTaskType, given: JsonObject, patient = false) =>
  reporting(probeScript(type, filled(type, given), patient) ?? sh`:`, MARK)

/** What the answer to it says. */
export const answered = (type: AnyTaskType, { stdout }: Pick<Output, 'stdout'>): JsonObject => {
  const state = readState(stdout, MARK, reportedState(type))
  if (typeof state === 'string') throw new Error(state)
  return state
}

/** What a real shell finds. */
export async function look(shell: Shell, type: AnyTaskType, given: JsonObject, patient = false): Promise<JsonObject> {
  if (type.probe === undefined) return {}
  const output = await shell.run(question(type, given, patient))
  expect([problemOf(output), String(output.stderr)], 'the look').toEqual([undefined, ''])
  return answered(type, output)
}

// Salts are drawn from here: two plans of the same state must come out the same.
const random = (bytes: number) => new Uint8Array(bytes).fill(7)

/** What the engine makes of the type's plan. */
export const decided = (
  type: AnyTaskType,
  given: JsonObject,
  { state, ...context }: Partial<PlanContext> & { readonly state: JsonObject },
): Plan => planOf(type, prepared(type, given), { state, context: { check: false, expected: [], random, ...context } })

/** A script of a change that reports, as an HTTP POST does. */
export const reportingChange = (script: ReturnType<typeof sh>) => reporting(script, MARK)
