import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const src = join(root, 'src')

/** Files that are called between the end of one task and the end of the next, by what the next one comes to. */
const entered = JSON.parse(
  execFileSync(process.execPath, ['--import', './test/typescript.mjs', 'test/structure/trip.mjs'], {
    cwd: root,
    encoding: 'utf8',
  }),
) as Readonly<Record<'converged' | 'changed' | 'said', readonly string[]>>

// What a task goes through itself. Before it is the host's loop, behind it what all hosts share: states, the coordinator.
const trip = (files: readonly string[]): readonly string[] =>
  files.filter(file => /^run\/(session|resolve|frame|task)\//.test(file)).toSorted()

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
const naming = (pattern: RegExp): readonly string[] =>
  sources.filter(file => pattern.test(readFileSync(join(src, file), 'utf8'))).toSorted()

describe("a task's trip from runTask to its record", () => {
  it('enters at most twelve files where nothing is to change', () => {
    expect(trip(entered.converged)).toEqual([
      'run/frame/host-facts.ts',
      'run/frame/look-ahead.ts',
      'run/frame/probes.ts',
      'run/frame/type-code.ts',
      'run/resolve/keywords.ts',
      'run/resolve/params.ts',
      'run/session/connect.ts',
      'run/task/converge.ts',
      'run/task/record.ts',
      'run/task/run-items.ts',
      'run/task/run-task.ts',
      'run/task/verdicts.ts',
    ])
  })

  it('enters no more than the change, its proof and its undoing beside those where something changes', () => {
    const more = trip(entered.changed).filter(file => !entered.converged.includes(file))
    expect(more).toEqual([
      'run/task/change-record.ts',
      'run/task/notified.ts',
      'run/task/undo.ts',
      'run/task/verify.ts',
    ])
  })

  it('opens no connection for a task that only says something', () => {
    expect(trip(entered.said)).not.toContain('run/session/connect.ts')
  })
})

describe('what is not known yet', () => {
  it('is gathered in one place, whatever asks for it', () => {
    expect(naming(/#gather\(/)).toEqual(['run/frame/host-facts.ts'])
    const gathering = readFileSync(join(src, 'run/frame/host-facts.ts'), 'utf8')
    expect(gathering.match(/answer\(read\)/g)).toHaveLength(1)
  })

  it('is a value: the error by which a reading ends is known to one file', () => {
    expect(naming(/class Needed|instanceof Needed/)).toEqual(['values/need.ts'])
  })
})

describe('keywords of a task', () => {
  it('are rendered where a task is resolved, and nowhere else on its way', () => {
    const rendering = /\b(renderDeep|renderText|evaluate|firstFalse|flag|amountOf)\(/
    const where = naming(rendering).filter(file => /^run\/(session|frame|task)\//.test(file))
    // Names of handlers are rendered when something notifies them.
    expect(where).toEqual(['run/task/notified.ts'])
  })
})
