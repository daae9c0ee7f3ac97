import { expect, it } from 'vitest'
import { Screen } from '../../src/report/screen.ts'
import { capture } from './events.ts'

it('a narrower window has all its wrapped rows erased, and no more rows are drawn than fit', async () => {
  const stream = { columns: 80, rows: 24 }
  const { options, text } = capture({ stream: stream as NodeJS.WriteStream })
  const screen = new Screen(options)
  const rows = ['\x1b[31ma\x1b[39m'.padEnd(60, 'a'), '服'.repeat(20), 'short']
  screen.show(size => rows.map(row => row.slice(0, size.columns - 1)).concat(Array.from({ length: 50 }, () => '')))
  await expect.poll(text).toContain('short')
  expect(text().split('\n')).toHaveLength(24)
  stream.columns = 30
  stream.rows = 6
  // 50 columns of letters are two rows now, 40 of ideographs two, the other 21 rows one each.
  await expect.poll(text).toContain('\x1b[25A\r\x1b[0J')
  await expect.poll(() => text().endsWith('\x1b[?7h') && text().split('\x1b[0J').at(-1)?.split('\n').length).toBe(6)
  screen.print(['stays'])
  screen.hide()
  expect(text().split('\x1b[0J').at(-1)).toBe('stays\n')
})
