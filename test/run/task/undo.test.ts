import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Change } from '../../../src/model/change.ts'
import type { Task } from '../../../src/model/playbook.ts'
import type { Outcome } from '../../../src/run/task/outcome.ts'
import { UndoLog } from '../../../src/run/task/undo.ts'
import { sh } from '../../../src/text/sh.ts'
import { shellIn } from '../../tasks/doing.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-undo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const say = (word: string) => ({ sh: sh`echo ${word} >> log` })
const change = (what: string, more: Partial<Change> = {}): Change => ({
  what,
  before: null,
  after: null,
  sh: sh`:`,
  ...more,
})
const outcome = (changes: readonly Change[], made = changes.length): Outcome => ({
  status: 'changed',
  changes,
  made,
  result: {},
})
const handler = (name: string) => ({ name }) as Task

it('changes are taken back newest first; then what read them is read again, oldest first', async () => {
  const shell = shellIn(folder)
  try {
    const undoable = new UndoLog()
    undoable.add(outcome([change('a', { undo: say('a') }), change('b', { undo: say('b') })]), shell)
    undoable.add(outcome([change('restart', { afterUndo: say('restart') })]), shell)
    undoable.add(
      outcome([change('c', { undo: say('c') }), change('for good'), change('not made', { undo: say('no') })], 2),
      shell,
    )
    undoable.add(outcome([change('reload', { afterUndo: say('reload') })]), shell)
    expect(undoable.empty).toBe(false)
    expect(await undoable.takeBack()).toMatchObject({
      undone: ['c', 'b', 'a', 'restart', 'reload'],
      notUndone: ['for good'],
    })
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('c\nb\na\nrestart\nreload\n')
    expect([undoable.empty, (await undoable.takeBack()).undone]).toEqual([true, []])
  } finally {
    await shell.close()
  }
})

it('a change that cannot be taken back is named, and so is one whose way back fails', async () => {
  const shell = shellIn(folder)
  try {
    const undoable = new UndoLog()
    undoable.add(
      outcome([change('broken', { undo: { sh: sh`exit 3` } }), change('fine', { undo: { sh: sh`:` } })]),
      shell,
    )
    expect(await undoable.takeBack()).toMatchObject({ undone: ['fine'], notUndone: ['broken'] })
  } finally {
    await shell.close()
  }
})

it('handlers of what is undone have nothing to do any more, unless they ran or are due for another change', async () => {
  const shell = shellIn(folder)
  try {
    const [waiting, ran, shared] = [handler('waiting'), handler('ran'), handler('shared')]
    const undoable = new UndoLog()
    const [first, second] = [{}, {}]
    undoable.add(outcome([change('a', { undo: { sh: sh`:` } })]), shell, first)
    undoable.add(outcome([change('for good')]), shell, second)
    undoable.notified(first, [waiting, ran, shared])
    undoable.notified(second, [shared])
    undoable.ran(ran)
    expect(await undoable.takeBack()).toMatchObject({ needless: [waiting], again: [ran] })
  } finally {
    await shell.close()
  }
})
