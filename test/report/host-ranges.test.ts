import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandHosts } from '../../src/load/inventory/host-range.ts'
import { compactHosts, hostRanges } from '../../src/report/host-ranges.ts'

const numbered = (before: string, first: number, last: number, width = 0, after = '') =>
  Array.from({ length: last - first + 1 }, (_, i) => `${before}${String(first + i).padStart(width, '0')}${after}`)

describe('hostRanges', () => {
  it.each<[string, readonly string[], string]>([
    ['none', [], ''],
    ['one', ['web1'], 'web1'],
    ['two are no range', ['web1', 'web2'], 'web1 web2'],
    ['a range', numbered('web', 1, 17, 2), 'web[01:17]'],
    ['without zeros', numbered('web', 8, 12), 'web[8:12]'],
    ['in any order', ['w3', 'w1', 'db', 'w2'], 'w[1:3] db'],
    ['gaps', ['w1', 'w2', 'w3', 'w5', 'w8', 'w9', 'w10'], 'w[1:3] w5 w[8:10]'],
    ['zeros and none are different names', ['w1', 'w2', 'w3', 'w01', 'w02', 'w03'], 'w[1:3] w[01:03]'],
    ['a domain', numbered('web', 1, 3, 0, '.example.com'), 'web[1:3].example.com'],
    ['addresses', numbered('10.0.0.', 9, 12), '10.0.0.[9:12]'],
    ['the number that differs', ['r1n1', 'r1n2', 'r1n3', 'r2n1', 'r2n2', 'r2n3'], 'r1n[1:3] r2n[1:3]'],
    ['the first number', ['a1.z9', 'a2.z9', 'a3.z9'], 'a[1:3].z9'],
    ['the same name twice', ['w1', 'w1', 'w2', 'w3'], 'w[1:3]'],
    [
      'more digits than a number holds',
      ['x12345678901234567890', 'x12345678901234567891'],
      'x12345678901234567890 x12345678901234567891',
    ],
    ['odd names', ['__proto__', 'constructor'], '__proto__ constructor'],
    ['wide names', ['服1', '服2', '服3'], '服[1:3]'],
  ])('%s', (_, names, text) => {
    expect(
      hostRanges(names)
        .map(range => range.text)
        .join(' '),
    ).toBe(text)
  })

  it('the ranges expand to exactly the given names in an inventory', () => {
    const name = fc.tuple(
      fc.constantFrom('w', 'db-', 'r1n', ''),
      fc.nat({ max: 130 }),
      fc.constantFrom(0, 2, 3),
      fc.constantFrom('', '.x', 'b2'),
    )
    fc.assert(
      fc.property(
        fc.uniqueArray(name.map(([before, n, width, after]) => `${before}${String(n).padStart(width, '0')}${after}`)),
        names => {
          const ranges = hostRanges(names)
          expect(ranges.flatMap(range => expandHosts(range.text).names).toSorted()).toEqual(names.toSorted())
          expect(ranges.reduce((all, range) => all + range.hosts, 0)).toBe(names.length)
        },
      ),
    )
  })
})

it.each([
  [['a', 'b', 'c'], 2, 'a, b, c'],
  [['a', 'b', 'c', 'd'], 2, 'a, b and 2 more'],
  [['a', ...numbered('w', 1, 9), 'x', 'y', 'z1', 'z2', 'z3'], 2, 'a, w[1:9] and 5 more'],
])('compactHosts shows %j with a limit of %d', (names, limit, text) => expect(compactHosts(names, limit)).toBe(text))
