import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readLimit } from '../../../src/load/yaml/read-limit.ts'
import { Fault } from '../../../src/model/fault.ts'

const cwd = mkdtempSync(join(tmpdir(), 'limit-'))
afterAll(() => rmSync(cwd, { recursive: true }))
writeFileSync(join(cwd, 'some'), 'web1\r\n# db9\n\n  db[0:1]  \n!web2\n')
writeFileSync(join(cwd, 'none'), '# nobody is left\n\n')

const named = { failed: () => ['h1', 'h2'], nobody: () => [] }

it.each([
  ['web:&prod', 'web:&prod'],
  ['@some', 'web1,db[0:1],!web2'],
  ['lone, @some', 'lone,web1,db[0:1],!web2'],
  ['@failed,!h2', 'h1,h2,!h2'],
])('%s', (limit, pattern) => {
  expect(readLimit(limit, { cwd, named })).toBe(pattern)
})

it.each([
  ['@none', '-l @none names no host', 'leave -l out to take all hosts of the play'],
  ['@nobody', '-l @nobody names no host', 'leave -l out to take all hosts of the play'],
  [
    '@gone',
    "cannot read the limit's file 'gone': there is no such file",
    'after -l @ comes a file with one pattern in a line',
  ],
  ['@faild', "cannot read the limit's file 'faild': there is no such file", 'did you mean @failed?'],
])('a limit of %s is an error and never means every host', (limit, message, hint) => {
  const fault = (() => {
    try {
      return readLimit(limit, { cwd, named })
    } catch (error) {
      return error
    }
  })()
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ message, hint })
})
