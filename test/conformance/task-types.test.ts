import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkParams } from '../../src/load/schema/check-params.ts'
import type { Change } from '../../src/model/change.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { AnyTaskType, Plan, Sample } from '../../src/model/task-type.ts'
import { problemOf, readState, reporting } from '../../src/run/frame/probe-protocol.ts'
import { openLocal } from '../../src/shell/local.ts'
import type { Shell } from '../../src/shell/shell.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { lines, sh } from '../../src/text/sh.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-types-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const fixtures = join(import.meta.dirname, 'fixtures')
// Samples that install packages and add accounts: where someone said that this machine may be used so.
const disposable = process.env['MLPLAY_E2E'] === '1'
const has: Readonly<Record<string, boolean>> = {
  root: process.getuid?.() === 0,
  debian: existsSync('/usr/bin/dpkg-query'),
  systemd: existsSync('/run/systemd/system'),
  nginx: existsSync('/usr/sbin/nginx'),
  disposable,
}
const shells = [
  { name: 'dash', argv: ['/bin/dash'] },
  { name: 'bash', argv: ['/bin/bash', '--posix'] },
  { name: 'busybox', argv: ['/bin/busybox', 'sh'] },
]
const MARK = 'conformance'
let folders = 0

const inFolder = (value: unknown, folder: string): unknown => {
  if (typeof value === 'string') return value.replaceAll('@DIR@', folder).replaceAll('@FIXTURES@', fixtures)
  if (Array.isArray(value)) return value.map(item => inFolder(item, folder))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inFolder(item, folder)]))
  return value
}

/** Params as the engine hands them to `plan`: defaults filled in, checked, sources read. */
const prepared = (type: AnyTaskType, sample: Sample<JsonObject>, folder: string): JsonObject => {
  const given = inFolder(sample.params, folder) as JsonObject
  const defaults = Object.fromEntries(
    Object.entries(type.params.properties).flatMap(([name, property]) =>
      'default' in property ? [[name, property.default]] : [],
    ),
  )
  const at = () => ({ file: type.name, line: 1, column: 1 })
  const { params, faults } = checkParams(type, { ...defaults, ...given } as JsonObject, at)
  expect(faults.map(fault => fault.message)).toEqual([])
  for (const [param, kind] of Object.entries(type.sources ?? {})) {
    const src = params[param]
    if (typeof src !== 'string') continue
    const bytes = readFileSync(src)
    Object.assign(params, kind === 'file' ? { bytes } : { content: bytes.toString('utf8') })
  }
  return params as JsonObject
}

const look = async (shell: Shell, type: AnyTaskType, params: JsonObject): Promise<JsonObject> => {
  if (type.probe === undefined) return {}
  const output = await shell.run(reporting(type.probe(params, { patient: true }), MARK))
  expect(problemOf(output)).toBeUndefined()
  return readState(output.stdout, MARK, type.state) as JsonObject
}

// Salts are drawn from here: two plans of the same state must come out the same.
const random = (bytes: number) => new Uint8Array(bytes).fill(7)
const decide = (type: AnyTaskType, params: JsonObject, state: JsonObject, check: boolean): Plan => {
  const plan = type.plan(params, state, { check, pending: [], random })
  return Array.isArray(plan) ? { changes: plan } : (plan as Plan)
}

const tree = (folder: string): string =>
  execFileSync(
    '/bin/sh',
    ['-c', 'find . -exec stat -c "%n %F %a %U %G %s" {} + | sort; find . -type f -exec cksum {} + | sort'],
    { cwd: folder },
  ).toString()

describe.each(shells)('$name', ({ name: shellName, argv }) => {
  for (const type of taskTypes.values()) {
    for (const sample of (type.samples ?? []) as readonly Sample<JsonObject>[]) {
      const unmet = (sample.needs ?? []).filter(need => has[need] !== true)
      it.skipIf(unmet.length > 0)(`${type.name}: ${sample.title}`, async () => {
        const folder = join(root, `${shellName}${folders++}`)
        mkdirSync(folder)
        const shell = openLocal({ argv, env: process.env, cwd: folder })
        try {
          if (sample.given !== undefined) expect((await shell.run(sample.given)).code, 'given').toBe(0)
          const params = prepared(type, sample, folder)
          const before = tree(folder)
          const first = await look(shell, type, params)
          expect(tree(folder), 'a probe changes nothing').toBe(before)
          const plan = decide(type, params, first, false)
          expect(described(decide(type, params, first, true)), 'check mode plans the same').toEqual(described(plan))
          if (typeof sample.expect === 'object') {
            expect(plan.problem).toMatch(new RegExp(sample.expect.problem))
            return
          }
          expect(plan.problem).toBeUndefined()
          if (type.nature === 'query') expect(plan.changes, 'what only looks plans no change').toEqual([])
          if (sample.expect === 'converged') return expect(plan.changes.map(change => change.what)).toEqual([])
          expect(plan.changes.length).toBeGreaterThan(0)
          for (const change of plan.changes) {
            const script = type.answer === undefined ? change.sh : reporting(change.sh, MARK)
            const output = await shell.run(script, { payload: change.payload })
            expect([output.code, Buffer.from(output.stderr).toString()], change.what).toEqual([0, ''])
          }
          if (sample.proof !== undefined) {
            const proof = await shell.run(lines(sh`cd ${folder}`, sample.proof))
            expect([proof.code, Buffer.from(proof.stderr).toString()], 'then').toEqual([0, ''])
          }
          if (type.nature === 'opaque' || type.answer !== undefined) return
          const second = await look(shell, type, params)
          expect(decide(type, params, second, false), 'converged afterwards').toMatchObject({ changes: [] })
          if (plan.changes.some(change => change.undo === undefined)) return
          for (const change of plan.changes.toReversed()) {
            const undone = await shell.run(change.undo?.sh ?? sh`false`, { payload: change.undo?.payload })
            expect([undone.code, Buffer.from(undone.stderr).toString()], `undo ${change.what}`).toEqual([0, ''])
          }
          expect(await look(shell, type, params), 'undo restores the first answer').toEqual(first)
        } finally {
          await shell.close()
        }
      })
    }
  }
})

const described = (plan: Plan): unknown => ({
  problem: plan.problem,
  changes: plan.changes.map(({ what, before, after, sh: { text } }: Change) => ({ what, before, after, text })),
})
