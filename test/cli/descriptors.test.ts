import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-few-'))
afterAll(() => rmSync(folder, { recursive: true }))
const top = resolve(import.meta.dirname, '../..')

it.each(['free', 'linear'])(
  'with few file descriptors fewer hosts run at once, and none fails (%s)',
  strategy => {
    const hosts = Array.from({ length: 40 }, (_, n) => `    h${n}: {}\n`).join('')
    writeFileSync(join(folder, 'inv.yml'), `all:\n  vars: { ansible_connection: local }\n  hosts:\n${hosts}`)
    writeFileSync(
      join(folder, 'p.yml'),
      `- hosts: all\n  gather_facts: false\n  strategy: ${strategy}\n  tasks: [{ command: "true" }, { command: "true" }]\n`,
    )
    const code = `import { main } from '${top}/src/cli/main.ts'; await main(['run', 'p.yml', '-i', 'inv.yml', '-o', 'json'])`
    const out = execFileSync(
      '/bin/sh',
      [
        '-c',
        'ulimit -n 80; exec "$@"',
        'sh',
        process.execPath,
        '--import',
        join(top, 'test/typescript.mjs'),
        '--input-type=module',
        '-e',
        code,
      ],
      { cwd: folder, encoding: 'utf8', timeout: 120_000 },
    )
    const events = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(events.filter(one => one['event'] === 'task' && one['status'] === 'changed')).toHaveLength(80)
    expect(events.at(-1)).toMatchObject({ event: 'summary', exit_code: 0 })
    expect(events.filter(one => one['event'] === 'warning')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('hosts at once instead of 50') }),
    ])
  },
  120_000,
)
