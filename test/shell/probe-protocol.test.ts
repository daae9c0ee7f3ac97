import { describe, expect, it } from 'vitest'
import { problemOf, readState, reporting } from '../../src/shell/probe-protocol.ts'
import { sh } from '../../src/text/sh.ts'
import { SHELLS, shellIn } from '../tasks/doing.ts'

const schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    bytes: { type: 'string', contentEncoding: '8bit' },
    number: { type: 'integer' },
    flag: { type: 'boolean' },
    list: { type: 'array', items: { type: 'string' } },
  },
} as const

describe.each(SHELLS)('a probe in %s', (_, argv) => {
  it('reports facts that are typed by the schema, and others that are dropped', async () => {
    const shell = shellIn('/', argv)
    try {
      const probe = sh`fact text "it's ä
b"; fact bytes ä; fact number ' 42'; fact flag 1; fact list a; fact list b; fact unknown x; echo more; false`
      const { code, stdout } = await shell.run(reporting(probe, 'mark'))
      expect(code).toBe(0)
      expect(readState(stdout, 'mark', schema)).toEqual({
        text: "it's ä\nb",
        bytes: '\xc3\xa4',
        number: 42,
        flag: true,
        list: ['a', 'b'],
      })
      expect(readState(stdout, 'other', schema)).toEqual({ list: [] })
    } finally {
      await shell.close()
    }
  })

  it('has no answer where it ends early', async () => {
    const shell = shellIn('/', argv)
    try {
      expect(problemOf(await shell.run(reporting(sh`echo cannot look >&2; exit 3`, 'mark')))).toBe(
        'cannot look (exit code 3)',
      )
    } finally {
      await shell.close()
    }
  })
})

it('a text in the place of a number is no answer', () => {
  expect(readState(Buffer.from('\x1em\x1enumber=many'), 'm', schema)).toBe(
    "it says 'many' where a number belongs (number)",
  )
})

it('an answer that was cut is none', () => {
  expect(problemOf({ code: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), dropped: 1 } as never)).toContain(
    'too long',
  )
})
