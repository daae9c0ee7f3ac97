import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readText } from '../../../src/load/yaml/read-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-text-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (bytes: Uint8Array): string => {
  const path = join(folder, 'f')
  writeFileSync(path, bytes)
  return path
}

describe("a user's text file", () => {
  it("a user's text file is read as UTF-8, even without a declaration", () => {
    expect(readText(file(Buffer.from('é \u{1f600} \ufffd\n')))).toBe('é \u{1f600} \ufffd\n')
  })

  it.each([
    ['Latin-1', Buffer.from('one\ncaf\xe9\n', 'latin1'), 'this file is not UTF-8', 2, 4],
    ['bytes', Buffer.from([0, 1, 0xff, 0xfe]), 'this is not a text file', 1, 3],
  ])('%s is refused with the position of the first invalid byte', (_, bytes, message, line, column) => {
    expect(() => readText(file(bytes))).toThrow(
      expect.objectContaining({ message, at: { file: join(folder, 'f'), line, column } }),
    )
  })

  it.each([
    ['what is not there', join(folder, 'gone'), /there is no file/],
    ['a folder', folder, /is a folder, a file is expected/],
  ])('%s is an error with a readable message', (_, path, message) => {
    expect(() => readText(path)).toThrow(message)
  })
})
