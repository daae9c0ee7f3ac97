import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/shell/channel.ts'
import { TIMED_OUT } from '../../src/shell/frame.ts'
import { FramedShell } from '../../src/shell/framed-shell.ts'
import { spawnProgram } from '../../src/shell/spawned.ts'
import { sh } from '../../src/text/sh.ts'

/** Starts programs as a distant host would: what runs there cannot be killed from here. */
const distant = (programs: readonly (readonly string[])[]) => {
  const started: (readonly string[])[] = []
  const start = async (argv: readonly string[]): Promise<Channel> => {
    started.push(argv)
    const channel = spawnProgram(programs[started.length - 1] ?? argv, { env: { PATH: process.env['PATH'] } })
    return {
      ...channel,
      kill: () => false,
      release: () => {
        channel.kill()
        channel.release()
      },
    }
  }
  return { started, start }
}

describe('a shell that does not start', () => {
  it('a shell that does not start times out, and no process of the host is mistaken for it', async () => {
    const { started, start } = distant([['sleep', '60']])
    const shell = new FramedShell({ host: 'web1', start })
    expect((await shell.run(sh`:`, { timeout: 200 })).code).toBe(TIMED_OUT)
    // A second program would be the one that kills: there is nothing yet that it could kill.
    expect(started).toHaveLength(1)
    await shell.close()
  })

  it('a shell that does not start is given up when the run is cancelled', async () => {
    const { start } = distant([])
    const never = new FramedShell({ host: 'web1', start: () => new Promise(() => {}) })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    expect((await never.run(sh`:`, { signal: stop.signal })).code).toBe(TIMED_OUT)
    const late = new FramedShell({ host: 'web1', start })
    expect((await late.run(sh`:`, { signal: AbortSignal.abort() })).code).toBe(TIMED_OUT)
    await late.close()
  })

  it('a shell that ends at once is reported with its output', async () => {
    const { start } = distant([['sh', '-c', 'echo This account is currently not available.; exit 1']])
    const shell = new FramedShell({ host: 'web1', start })
    await expect(shell.run(sh`:`)).rejects.toThrow(
      'no shell on web1: it ended at once with code 1: This account is currently not available.',
    )
  })
})

it('output of a login script is not part of an answer', async () => {
  const { start } = distant([['sh', '-c', 'echo hello; echo beware >&2; printf "no newline"; exec /bin/sh']])
  const shell = new FramedShell({ host: 'web1', start })
  const { stdout, stderr } = await shell.run(sh`echo out; echo err >&2`)
  expect([Buffer.from(stdout).toString(), Buffer.from(stderr).toString()]).toEqual(['out\n', 'err\n'])
  await shell.close()
})

it('a payload that cannot be stored fails only the part that needs it', async () => {
  const { start } = distant([])
  const shell = new FramedShell({
    host: 'web1',
    start: argv =>
      start(argv.at(-1)?.includes('mktemp') === true ? ['sh', '-c', 'echo No space left on device >&2; exit 1'] : argv),
  })
  const outputs = await shell.runAll([
    { script: sh`echo before` },
    { script: sh`cat "$payload"`, payload: Buffer.alloc(100_000), chained: true },
    { script: sh`echo after` },
  ])
  expect(outputs.map(({ code }) => code)).toEqual([0, 1, 0])
  expect(Buffer.from(outputs[1]?.stderr ?? []).toString()).toBe(
    'a payload of 100000 bytes could not be stored: No space left on device\n',
  )
  await shell.close()
})
