import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Plan } from '../../src/model/task-type.ts'
import { openLocal } from '../../src/shell/local.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { lines, sh } from '../../src/text/sh.ts'
import { openView, viewFolder } from '../e2e/private-view.ts'
import { SHELLS } from '../tasks/doing.ts'
import { samplesOf } from '../tasks/samples.ts'
import { decided, look, reportingChange } from '../tasks/stages.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-types-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const fixtures = join(import.meta.dirname, 'fixtures')
const view = viewFolder('conformance')
afterAll(view.remove)
const viewed = ((): boolean => {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
})()

// Samples that install packages and add accounts: where someone said that this machine may be used so.
const disposable = process.env['MLPLAY_E2E'] === '1'
const has: Readonly<Record<string, boolean>> = {
  root: process.getuid?.() === 0,
  debian: existsSync('/usr/bin/dpkg-query'),
  systemd: existsSync('/run/systemd/system'),
  nginx: existsSync('/usr/sbin/nginx'),
  disposable,
  view: viewed,
}
let folders = 0

const inFolder = (value: unknown, folder: string): unknown => {
  if (typeof value === 'string') return value.replaceAll('@DIR@', folder).replaceAll('@FIXTURES@', fixtures)
  if (Array.isArray(value)) return value.map(item => inFolder(item, folder))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inFolder(item, folder)]))
  return value
}

const tree = (folder: string): string =>
  execFileSync(
    '/bin/sh',
    ['-c', 'find . -exec stat -c "%n %F %a %U %G %s" {} + | sort; find . -type f -exec cksum {} + | sort'],
    { cwd: folder },
  ).toString()

// What only says or judges something has no state to bring a host to.
const withoutSamples = ['assert', 'set_fact', 'service-restart']

it('every task type has samples, and each type with changes has a sample that changes something', () => {
  const lacking = [...taskTypes.values()].filter(({ name, nature, probe, guards, answer }) => {
    if (withoutSamples.includes(name)) return false
    const judges = nature === 'query' || nature === 'message' || guards === true || answer !== undefined
    const samples = samplesOf(name)
    return (
      samples.length === 0 ||
      (!judges && probe !== undefined && !samples.some(({ expect: what }) => what === undefined))
    )
  })
  // Nothing of a service can be changed without one: test/e2e does.
  expect(lacking.map(({ name }) => name)).toEqual(['service'])
})

describe.each(SHELLS)('%s', (shellName, argv) => {
  for (const type of taskTypes.values()) {
    for (const sample of samplesOf(type.name)) {
      const unmet = (sample.needs ?? []).filter(need => has[need] !== true)
      it.skipIf(unmet.length > 0)(`${type.name}: ${sample.title}`, async () => {
        const folder = join(root, `${shellName}${folders++}`)
        mkdirSync(folder)
        const shell =
          sample.needs?.includes('view') === true
            ? openView(view.path, { shell: argv.join(' '), setup: `cd ${folder}` })
            : openLocal({ argv, env: process.env, cwd: folder })
        try {
          if (sample.given !== undefined) expect((await shell.run(sample.given)).code, 'given').toBe(0)
          const params = inFolder(sample.params, folder) as JsonObject
          const before = tree(folder)
          const first = await look(shell, type, params, true)
          expect(tree(folder), 'a probe changes nothing').toBe(before)
          const plan = decided(type, params, { state: first })
          expect(described(decided(type, params, { state: first, check: true })), 'check mode plans the same').toEqual(
            described(plan),
          )
          if (typeof sample.expect === 'object') {
            expect(plan.problem).toMatch(new RegExp(sample.expect.problem))
            return
          }
          expect(plan.problem).toBeUndefined()
          if (type.nature === 'query') expect(plan.changes, 'what only looks plans no change').toEqual([])
          if (sample.expect === 'converged') return expect(plan.changes.map(change => change.what)).toEqual([])
          expect(plan.changes.length).toBeGreaterThan(0)
          for (const change of plan.changes) {
            const script = type.answer === undefined ? change.sh : reportingChange(change.sh)
            const output = await shell.run(script, { payload: change.payload })
            expect([output.code, Buffer.from(output.stderr).toString()], change.what).toEqual([0, ''])
          }
          if (sample.proof !== undefined) {
            const proof = await shell.run(lines(sh`cd ${folder}`, sample.proof))
            expect([proof.code, Buffer.from(proof.stderr).toString()], 'then').toEqual([0, ''])
          }
          if (type.nature === 'opaque' || type.answer !== undefined) return
          const second = await look(shell, type, params, true)
          expect(decided(type, params, { state: second }), 'converged afterwards').toMatchObject({ changes: [] })
          expect(second, 'the state is the one that the plan leads to').toMatchObject(plan.after ?? {})
          if (plan.changes.some(change => change.undo === undefined)) return
          for (const change of plan.changes.toReversed()) {
            const undone = await shell.run(change.undo?.sh ?? sh`false`, { payload: change.undo?.payload })
            expect([undone.code, Buffer.from(undone.stderr).toString()], `undo ${change.what}`).toEqual([0, ''])
          }
          expect(await look(shell, type, params, true), 'undo restores the first answer').toEqual(first)
        } finally {
          await shell.close()
        }
      })
    }
  }
})

const described = (plan: Plan): unknown => ({
  problem: plan.problem,
  after: plan.after,
  changes: plan.changes.map(({ what, before, after, sh: { text } }: Change) => ({ what, before, after, text })),
})
