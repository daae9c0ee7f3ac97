import { describe, expect, it } from 'vitest'
import { childrenMs, measure } from '../../bench/measure.ts'
import { median } from '../../bench/median.ts'
import { table } from '../../bench/table.ts'

describe('measuring', () => {
  it.each([
    ['0m0.01s 0m0.00s\n0m1.25s 0m0.50s\n', 1750],
    ['0m0.00s 0m0.00s\n1m2.00s 0m0.25s\n', 62_250],
    ['0m0.000000s 0m0.000000s\n0m0.030000s 0m0.010000s\n', 40],
  ])('parses the time output %j of a shell', (times, ms) => {
    expect(childrenMs(times)).toBeCloseTo(ms)
  })

  it('CPU time includes child processes and excludes waiting', async () => {
    const busy = 'i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done'
    const took = await measure({ argv: ['sh', '-c', `sh -c '${busy}'; sleep 0.3; echo done`] })
    expect(took.stdout).toBe('done\n')
    expect(took.cpuMs).toBeGreaterThan(10)
    expect(took.wallMs - took.cpuMs).toBeGreaterThan(200)
  })

  it('a failing run is an error and not a measurement', async () => {
    await expect(measure({ argv: ['sh', '-c', 'echo why >&2; exit 3'] })).rejects.toThrow(/ended with 3\nwhy/)
  })

  it('the median of an odd and of an even number of values', () => {
    expect([median([5]), median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([5, 2, 2])
  })

  it('ratios are relative to the named row', () => {
    const rows = [
      { name: 'mlplay', wallMs: [900, 1000, 1100], cpuMs: [200] },
      { name: 'other', wallMs: [4000], cpuMs: [50], more: ['7'] },
    ]
    expect(table('what', rows, 'mlplay', ['trips']).split('\n').slice(2)).toEqual([
      '| mlplay | 1.00 | 0.90 to 1.10 | 0.20 | 1.00 |',
      '| other | 4.00 | 4.00 to 4.00 | 0.05 | 4.00 | 7 |',
    ])
  })
})
