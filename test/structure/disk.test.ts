import { expect, it } from 'vitest'
import { codeOf, files, textOf } from './sources.ts'

it('files are read and written in load, store, shell and cli alone', () => {
  const floors = ['load', 'store', 'shell', 'cli']
  const wrong = files.filter(file => !floors.includes(file.split('/')[0] ?? '') && /'node:fs/.test(textOf(file)))
  expect(wrong).toEqual([])
})

// A connection that ends while it is closed is no news, nor is a param that cannot be read when the task has failed already.
it('no catch hides a bug: what was thrown is looked at', () => {
  expect(
    files.filter(file => !/^shell\/|^run\/task\/as-outcome/.test(file) && /\bcatch \{/.test(codeOf(file))),
  ).toEqual([])
})
