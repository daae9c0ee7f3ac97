import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Channel } from '../../src/shell/channel.ts'
import { FramedShell } from '../../src/shell/framed-shell.ts'
import { Unreachable } from '../../src/shell/shell.ts'
import { spawnProgram } from '../../src/shell/spawned.ts'
import { sh } from '../../src/text/sh.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-framed-'))
afterAll(() => rmSync(folder, { recursive: true }))

it.each([['/bin/dash'], ['/bin/bash'], ['/bin/busybox', 'sh']])(
  'a connection that breaks between upload and use of a payload leaves nothing behind: %s %s',
  async (...shell) => {
    const started: Channel[] = []
    let seen: readonly string[] = []
    const framed = new FramedShell({
      host: 'there',
      shell: shell.filter(word => word !== undefined),
      start: async argv => {
        const channel = spawnProgram(argv, { env: { PATH: process.env['PATH'], TMPDIR: folder }, cwd: folder })
        started.push(channel)
        if (started.length < 2) return channel
        const ended = channel.ended.then(how => {
          seen = readdirSync(folder)
          started[0]?.stdin.end()
          return how
        })
        return { ...channel, stdin: channel.stdin, stdout: channel.stdout, stderr: channel.stderr, ended }
      },
    })
    const payload = Buffer.alloc(200_000, 'x')
    await expect(framed.run(sh`cat "$payload"`, { payload })).rejects.toThrow(Unreachable)
    expect(seen).toEqual([expect.stringMatching(/^\.mlplay\./)])
    await started[0]?.ended
    expect(readdirSync(folder)).toEqual([])
    await framed.close()
  },
)
