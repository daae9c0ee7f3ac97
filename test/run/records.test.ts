import { describe, expect, it } from 'vitest'
import { eventOf } from '../../src/model/event-of.ts'
import type { RunRecord } from '../../src/model/record.ts'
import { play, run } from './played.ts'

const recorded = async (text: string, more: Parameters<typeof run>[1] = {}) => {
  const records: RunRecord[] = []
  const ran = await run(text, { ...more, record: one => records.push(one) })
  return { ...ran, records }
}

const copies = play(
  "- {name: same, copy-file: {dest: '@/a', content: 'one'}, notify: reload}\n- {name: same, copy-file: {dest: '@/b', content: 'two'}}\n",
  "- {name: reload, command: 'true'}\n",
)

/** What a record says, in a word or two. */
const told = (record: RunRecord): string => {
  const step = 'place' in record ? ` ${record.place.step.address.split('/').slice(-2).join('/')}` : ''
  const more = record.record === 'item' ? ` ${record.status}` : record.record === 'handler' ? ` ${record.state}` : ''
  return `${record.record}${more}${step}`
}

describe('the records of a run', () => {
  it('the records report each change before and after it is made', async () => {
    const { records } = await recorded(copies)
    expect(records.map(told)).toEqual([
      'run',
      'play',
      'started tasks/0',
      'planned tasks/0',
      'changing tasks/0',
      'changed tasks/0',
      'verified tasks/0',
      'handler pending',
      'item changed tasks/0',
      'started tasks/1',
      'planned tasks/1',
      'changing tasks/1',
      'changed tasks/1',
      'verified tasks/1',
      'item changed tasks/1',
      'started handlers/0',
      'planned handlers/0',
      'changing handlers/0',
      'changed handlers/0',
      'item changed handlers/0',
      'handler ran',
      'summary',
    ])
  })

  it('the records of a dry run contain plans and no changes', async () => {
    const { records } = await recorded(copies, { check: true })
    expect(records.map(told).filter(one => /planned|changing|changed |verified/.test(one))).toEqual([
      'planned tasks/0',
      'item changed tasks/0',
      'planned tasks/1',
      'item changed tasks/1',
      'planned handlers/0',
      'item changed handlers/0',
    ])
  })

  it('events are made from records, which are plain data', async () => {
    const { records, events } = await recorded(copies)
    expect(records.flatMap(record => eventOf(record) ?? [])).toEqual(events)
    expect(JSON.parse(JSON.stringify(records))).toEqual(records)
  })

  it('the records of two tasks with the same name have different addresses', async () => {
    const { records } = await recorded(copies)
    const items = records.filter(record => record.record === 'item' && record.place.step.name === 'same')
    expect(new Set(items.map(told)).size).toBe(2)
  })

  it('the records contain no secret, also in fields that events do not have', async () => {
    const { records } = await recorded(
      play(
        "- htpasswd-user: {path: '@/users', name: ann, password: 'correct horse'}\n- {name: quiet, copy-file: {dest: '@/c', content: 'hidden words'}, no_log: true}\n",
      ),
    )
    const all = JSON.stringify(records)
    expect(all).not.toContain('correct horse')
    expect(all).not.toContain('hidden words')
    expect(records.map(told)).toContain('planned tasks/1')
  })

  it('a record says that a host failed, and why', async () => {
    const { records, exit } = await recorded(play('- fail: {msg: no}\n'))
    expect(exit).toBe(2)
    expect(records.flatMap(record => (record.record === 'lost' ? [[record.host, record.how]] : []))).toEqual([
      ['localhost', 'failed'],
    ])
  })
})
