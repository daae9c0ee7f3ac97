import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-wait-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A folder whose `date` is of a host that sets its clock: each answer is so many seconds away from the one before. */
const jumping = (step: number): string => {
  const folder = mkdtempSync(join(root, 'clock-'))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(
    join(folder, 'bin/date'),
    `#!/bin/sh\nread -r n < ${folder}/n; echo $((n + ${step})) > ${folder}/n; echo "$n"\n`,
  )
  writeFileSync(join(folder, 'n'), '1700000000\n')
  chmodSync(join(folder, 'bin/date'), 0o755)
  return folder
}

describe('wait-for', () => {
  it.each([
    ['forward', 100_000],
    ['back', -100_000],
  ])('wait-for keeps its timeout when the clock of the host jumps %s', async (_, step) => {
    const folder = jumping(step)
    const start = performance.now()
    const { messages } = await run(
      play(
        `- wait-for: { path: @/never, timeout: 2, sleep: 0.2 }\n  environment: { PATH: "@/bin:${process.env['PATH']}" }`,
      ),
      { folder },
    )
    const seconds = (performance.now() - start) / 1000
    expect(messages[0]).toContain('not there after 2 s')
    expect(seconds).toBeGreaterThan(1.9)
    expect(seconds).toBeLessThan(8)
  })

  it('wait-for fails when it cannot check, instead of taking that for an answer', async () => {
    const folder = mkdtempSync(join(root, 'tools-'))
    mkdirSync(join(folder, 'bin'))
    const { messages, exit } = await run(
      play(`- wait-for: { host: 192.0.2.1, port: 9, state: absent, timeout: 1 }\n  environment: { PATH: "@/bin" }`),
      { folder },
    )
    expect({ exit, messages }).toEqual({ exit: 2, messages: [expect.stringContaining('nc, bash or perl is needed')] })
  })

  it('wait-for accepts only one line of text', async () => {
    await expect(run(play('- wait-for: { path: /etc/passwd, contains: "a\\nb" }'))).rejects.toThrow('contains')
  })
})
