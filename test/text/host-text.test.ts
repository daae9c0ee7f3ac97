import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromBytes, toBytes } from '../../src/text/host-text.ts'

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

it('any bytes become text and the same bytes again', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      expect(latin1(toBytes(fromBytes(latin1(bytes))))).toBe(latin1(bytes))
    }),
  )
})

it('any text survives as UTF-8, and bytes that are none stand for themselves', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(fromBytes(latin1(Buffer.from(text, 'utf8')))).toBe(text)
    }),
  )
  expect(fromBytes('jos\xe9')).toBe('jos\udce9')
  expect(fromBytes('\xef\xbb\xbfa')).toBe('\ufeffa')
})
