import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { NOT_RUN, TIMED_OUT } from '../../src/shell/frame.ts'
import { openLocal } from '../../src/shell/local.ts'
import { Unreachable } from '../../src/shell/shell.ts'
import { sh, userScript } from '../../src/text/sh.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const env = { PATH: process.env['PATH'], TMPDIR: folder }
const shells = [
  { name: 'dash', argv: ['/bin/dash'] },
  { name: 'bash', argv: ['/bin/bash'] },
  { name: 'bash as sh', argv: ['/bin/bash', '--posix'] },
  { name: 'busybox', argv: ['/bin/busybox', 'sh'] },
]

describe.each(shells)('$name', ({ argv }) => {
  const open = () => openLocal({ argv, env })

  it('is on this machine', () => {
    expect(existsSync(argv[0] as string)).toBe(true)
  })

  it('tells codes and both streams apart, in one round trip', async () => {
    const shell = open()
    const outputs = await shell.runAll([
      { script: sh`echo out; echo err >&2; exit 3` },
      { script: sh`printf no-newline` },
      { script: userScript('if') },
      { script: sh`cat; echo after` },
      { script: sh`false`, chained: true },
      { script: sh`echo never`, chained: true },
      { script: sh`echo free` },
    ])
    expect(outputs.map(o => [o.code, text(o.stdout)])).toEqual([
      [3, 'out\n'],
      [0, 'no-newline'],
      [2, ''],
      [0, 'after\n'],
      [1, ''],
      [NOT_RUN, ''],
      [0, 'free\n'],
    ])
    expect(text(outputs[0]?.stderr ?? Buffer.of())).toBe('err\n')
    expect(shell.roundTrips).toBe(1)
    await shell.close()
  })

  it('quotes every ASCII character', async () => {
    const word = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)).join('')
    const shell = open()
    expect(text((await shell.run(sh`printf %s ${word}`)).stdout)).toBe(word)
    await shell.close()
  })

  it.each([
    ['text', Buffer.from("it's\n\\n %s ümlaut")],
    ['all bytes', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    ['high bytes without NUL', Buffer.from([0xff, 0xfe, 0x80, 0x27, 0x0a])],
    ['nothing', Buffer.alloc(0)],
    ['300 kB', Buffer.alloc(300_000, 'abc\0')],
  ])('carries a payload: %s', async (_, payload) => {
    const shell = open()
    const output = await shell.run(sh`stat -c %a "$payload"; cat "$payload"`, { payload })
    expect(Buffer.from(output.stdout)).toEqual(Buffer.concat([Buffer.from('600\n'), payload]))
    await shell.close()
    expect(readdirSync(folder)).toEqual([])
  })

  it('reads 5 MB of output exactly', async () => {
    const shell = open()
    const output = await shell.run(sh`dd if=/dev/zero bs=1024 count=5120 2>/dev/null`)
    expect(output.stdout.length).toBe(5 * 1024 * 1024)
    await shell.close()
  })

  it('kills what runs too long, children too, and opens again', async () => {
    const shell = open()
    const output = await shell.run(sh`echo begun; sleep 54321 & sleep 54321`, { timeout: 300 })
    expect([output.code, text(output.stdout)]).toEqual([TIMED_OUT, 'begun\n'])
    expect(execFileSync('/bin/sh', ['-c', 'pgrep -f "^sleep 54321" || true']).toString()).toBe('')
    expect(text((await shell.run(sh`echo again`)).stdout)).toBe('again\n')
    await shell.close()
  })

  it('tells a shell that died from a script that failed', async () => {
    const shell = open()
    await expect(shell.run(sh`kill -9 $$`)).rejects.toThrow(Unreachable)
    await shell.close()
  })
})
