import { describe, expect, it } from 'vitest'
import { NOT_RUN, TIMED_OUT } from '../../src/shell/frame.ts'
import { openReplay } from '../../src/shell/replay.ts'
import { Unreachable } from '../../src/shell/shell.ts'
import { sh } from '../../src/text/sh.ts'

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString()

describe('a replayed shell', () => {
  it('a replayed shell answers each script of a frame in one round trip and honours chains', async () => {
    const shell = openReplay(script => (script === 'bad' ? { code: 3, stderr: 'no' } : { stdout: script }))
    const outputs = await shell.runAll([
      { script: sh`one` },
      { script: sh`bad`, chained: true },
      { script: sh`never`, chained: true },
      { script: sh`free` },
    ])
    expect(outputs.map(output => [output.code, text(output.stdout), text(output.stderr)])).toEqual([
      [0, 'one', ''],
      [3, '', 'no'],
      [NOT_RUN, '', ''],
      [0, 'free', ''],
    ])
    expect(shell.roundTrips).toBe(1)
  })

  it('a replayed shell loses the connection and answers again afterwards', async () => {
    let times = 0
    const shell = openReplay(() => (times++ === 0 ? 'lost' : {}))
    await expect(shell.run(sh`x`)).rejects.toThrow(Unreachable)
    expect((await shell.run(sh`x`)).code).toBe(0)
  })

  it('a replayed shell hangs until the timeout or the signal', async () => {
    const shell = openReplay(() => 'hang')
    expect((await shell.run(sh`x`, { timeout: 20 })).code).toBe(TIMED_OUT)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    expect((await shell.run(sh`x`, { signal: stop.signal })).code).toBe(TIMED_OUT)
  })
})
