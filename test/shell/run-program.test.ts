import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { type ProgramOptions, runProgram } from '../../src/shell/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'run-program-'))
afterAll(() => rmSync(folder, { recursive: true }))

const script = (name: string, body: string): string => {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}
const run = (path: string, args: readonly string[] = [], more: Partial<ProgramOptions> = {}) =>
  runProgram(path, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], WORD: 'env' },
    seconds: 20,
    maxBytes: 10_000,
    ...more,
  })

it('runProgram passes arguments, folder and environment, and returns both streams', async () => {
  const path = script('all', 'printf "%s|" "$@"; echo "$WORD $PWD"; echo oops >&2; cat')
  expect(await run(path, ['a b', '$(id)', ''])).toEqual({ stdout: `a b|$(id)||env ${folder}\n`, stderr: 'oops\n' })
})

it('runProgram distinguishes failure from success', async () => {
  expect(await run(script('fails', 'echo half; exit 7'))).toEqual({
    stdout: 'half\n',
    stderr: '',
    error: 'ended with code 7',
  })
})

it('runProgram kills a program that takes too long, with its children', async () => {
  const path = script('slow', `sleep 300 & echo $! > ${folder}/pid; wait`)
  const began = Date.now()
  expect(await run(path, [], { seconds: 0.5 })).toMatchObject({ error: 'took longer than 0.5 s' })
  expect(Date.now() - began).toBeLessThan(10_000)
  const pid = readFileSync(join(folder, 'pid'), 'utf8').trim()
  await expect.poll(() => state(pid)).toMatch(/^Z|^$/)
})

it('runProgram kills the program when the signal is aborted', async () => {
  const stop = new AbortController()
  const path = script('waits', `sleep 300 & echo $! > ${folder}/other; echo ready; wait`)
  setTimeout(() => stop.abort(), 500)
  expect(await run(path, [], { signal: stop.signal })).toMatchObject({ error: 'was stopped', stdout: 'ready\n' })
  const pid = readFileSync(join(folder, 'other'), 'utf8').trim()
  await expect.poll(() => state(pid)).toMatch(/^Z|^$/)
})

it('runProgram kills a program that prints too much', async () => {
  expect((await run(script('loud', 'yes'), [], { maxBytes: 2 * 1024 * 1024 })).error).toBe('printed more than 2 MiB')
})

const state = (pid: string): string => {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
