// node --import ./test/typescript.mjs bench/replay-hosts.ts HOSTS: one run over that many hosts that are played back.
// Each probe is answered once by this machine's own shell; all hosts say the same.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadInventory } from '../src/load/inventory/load-inventory.ts'
import { loadPlaybook } from '../src/load/playbook/load-playbook.ts'
import type { SummaryEvent } from '../src/model/event.ts'
import type { LoadedPlaybook } from '../src/model/playbook.ts'
import { runPlaybooks } from '../src/run/rollout/run-playbooks.ts'
import { openReplay } from '../src/shell/replay.ts'
import { taskTypes } from '../src/tasks/registry.ts'

const count = Number(process.argv[2] ?? 1000)
const folder = mkdtempSync(join(tmpdir(), 'mlplay-replay-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const place = join(folder, 'place')
const tasks = [
  `ensure-dir: { path: "${place}", mode: "0755" }`,
  `ensure-dir: { path: "${place}/conf.d", mode: "0750" }`,
  ...[1, 2, 3].map(i => `copy-file: { dest: "${place}/file${i}", content: "{{ port + ${i} }}\\n", mode: "0644" }`),
  ...[1, 2].map(i => `template-file: { src: one.j2, dest: "${place}/conf.d/${i}.conf", mode: "0600" }`),
  `symlink: { src: "${place}/file1", dest: "${place}/link" }`,
  `remove-path: { path: "${place}/not-there" }`,
  'assert: { that: ["port == 8080"] }',
]
const play = (hosts: string) =>
  `- hosts: ${hosts}\n  gather_facts: false\n  vars: { port: 8080 }\n  tasks:\n${tasks.map(task => `    - ${task}\n`).join('')}`
writeFileSync(join(folder, 'one.j2'), 'listen {{ port }};\n'.repeat(20))

const load = async (name: string, text: string): Promise<LoadedPlaybook> => {
  writeFileSync(join(folder, name), text)
  return loadPlaybook(name, { cwd: folder, types: taskTypes, packageUrl: '' })
}
const inventoryOf = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return loadInventory([join(folder, name)], { cwd: folder })
}

const answers = new Map<string, { readonly code: number; readonly stdout: string }>()
/** Probes differ from host to host by the mark of their facts alone. */
const answer = (script: string) => {
  const mark = /^fact\(\) \{ printf '\\036%s\\036%s=%s' '?(\w+)'?/.exec(script)?.[1] ?? '-'
  const key = script.replaceAll(mark, 'MARK')
  const known = answers.get(key) ?? { code: 0, stdout: execFileSync('/bin/sh', ['-c', key], { encoding: 'latin1' }) }
  answers.set(key, known)
  return { code: known.code, stdout: known.stdout.replaceAll('MARK', mark) }
}

let summary: SummaryEvent | undefined
const request = {
  check: false,
  tags: [],
  skipTags: [],
  extraVars: {},
  forks: 100,
  ask: async () => '',
  emit: (event: { readonly event: string }) => {
    if (event.event === 'summary') summary = event as SummaryEvent
  },
  signal: new AbortController().signal,
  environment: { env: process.env, cwd: folder, now: () => new Date(), random: (size: number) => randomBytes(size) },
} as const

const here = await inventoryOf('here.ini', 'localhost ansible_connection=local\n')
await runPlaybooks({ ...request, playbooks: [await load('here.yml', play('localhost'))], inventory: here })

const played = { ...request, connect: () => openReplay(answer), playbooks: [await load('many.yml', play('lab'))] }
await runPlaybooks({ ...played, inventory: await inventoryOf('few.ini', '[lab]\nh[1:50]\n') })

globalThis.gc?.()
const baseKb = process.memoryUsage().rss / 1024
const inventory = await inventoryOf('many.ini', `[lab]\nh[1:${count}]\n`)
let peakKb = 0
const watch = setInterval(() => {
  peakKb = Math.max(peakKb, process.memoryUsage().rss / 1024)
}, 20)
const before = process.cpuUsage()
const began = performance.now()
const code = await runPlaybooks({ ...played, inventory })
const wallMs = performance.now() - began
const { user, system } = process.cpuUsage(before)
clearInterval(watch)
const hosts = Object.values(summary?.hosts ?? {})
if (code !== 0 || hosts.length !== count || hosts.some(host => host.ok !== tasks.length || host.changed > 0))
  throw new Error(`the replay went wrong: ${code}, ${hosts.length} hosts, ${JSON.stringify(hosts[0])}`)
console.log(
  JSON.stringify({ hosts: count, tasks: tasks.length, cpuMs: (user + system) / 1000, wallMs, peakKb, baseKb }),
)
