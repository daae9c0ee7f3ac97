// `-l @failed` and `-l @rest`, over several runs of the built command.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { mlplay } from '../e2e/mlplay.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-retry-'))
afterAll(() => rmSync(root, { recursive: true }))

const text = `- hosts: all
  serial: 2
  tasks:
    - { name: n, fail: broken, when: inventory_hostname in bad | default('') }
    - { name: m, debug: "done {{ inventory_hostname }}" }
`
let count = 0
const given = (root: string) => {
  const folder = join(root, `p${count++}`)
  const inventory = `${folder}-inv`
  writeFileSync(`${folder}.yml`, text)
  writeFileSync(inventory, ['a', 'b', 'c', 'd'].map(host => `${host} ansible_connection=local\n`).join(''))
  return async (...args: readonly string[]) => {
    // A line for each host: what several of them say is one line otherwise.
    const ran = await mlplay(['run', `${folder}.yml`, '-i', inventory, '-v', ...args])
    return {
      ...ran,
      done: [...ran.stdout.matchAll(/done (\w)/g)]
        .map(([, host]) => host)
        .toSorted()
        .join(''),
    }
  }
}

it('-l @failed takes the failed and unreachable hosts, -l @rest all that did not finish', async () => {
  const run = given(root)
  const first = await run('-e', 'bad=b')
  expect([first.code, first.done]).toEqual([2, 'a'])
  expect(first.stdout).toContain('-l @failed runs again on 1 failed or unreachable host, -l @rest on all 3 hosts')
  expect((await run('-l', '@failed', '--list-hosts')).stdout).toBe('play all\n  b\n')
  expect((await run('-l', '@rest', '--check', '-v')).done).toBe('bcd') // a dry run is no run
  const rest = await run('-l', '@rest', '-v')
  expect([rest.code, rest.done]).toEqual([0, 'bcd'])
  expect(rest.stdout).not.toContain('@failed')
  const none = await run('-l', '@failed')
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('-l @failed names no host')])
})

it('a host stays listed when a limited run repairs another one', async () => {
  const run = given(root)
  await run('-e', 'bad=a,b')
  expect((await run('-l', 'a')).done).toBe('a')
  expect((await run('-l', '@failed')).done).toBe('b')
})

it('-l @failed is an error for playbooks and inventories that have no saved run', async () => {
  const ran = await given(root)('-l', '@failed')
  expect([ran.code, ran.stderr]).toEqual([
    3,
    expect.stringContaining('no run of this playbook on this inventory is known'),
  ])
})

it('a run is saved in one file beside the playbook; exec saves nothing', async () => {
  const run = given(root)
  const kept = () => (existsSync(join(root, '.mlplay')) ? readdirSync(join(root, '.mlplay')) : [])
  const before = kept()
  await run('--check')
  await mlplay(['exec', 'all', '-i', 'a,', '--', 'false'])
  expect(kept()).toEqual(before)
  await run()
  const made = kept().filter(name => !before.includes(name))
  expect(made).toEqual([expect.stringMatching(/^last-run-p\d-[0-9a-f]{12}\.json$/)])
})

it('a run does not fail when its outcome cannot be saved', async () => {
  const closed = mkdtempSync(join(tmpdir(), 'mlplay-retry-'))
  writeFileSync(join(closed, '.mlplay'), 'a file where the folder should be')
  const ran = await given(closed)('-e', 'bad=a')
  rmSync(closed, { recursive: true })
  expect([ran.code, ran.stdout]).toEqual([2, expect.stringContaining('-l @failed will not know this run')])
})
