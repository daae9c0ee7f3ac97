// How long the command takes to start, as ratios to a bare node in the same run: medians of alternating rounds.
//   node bench/start-up.mjs [rounds]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const rounds = Number(process.argv[2] ?? 15)
const bin = new URL('../bin/mlplay.js', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'mlplay-bench-'))
const tasks = Array.from(
  { length: 20 },
  (_, i) => `    - copy-file: { dest: "${folder}/f${i}", content: "{{ ansible_hostname }} ${i}\\n", mode: "0644" }\n`,
)
const playbook = join(folder, 'p.yml')
writeFileSync(playbook, `- hosts: localhost\n  tasks:\n${tasks.join('')}`)
const commands = {
  'node -e 0': ['-e', '0'],
  'mlplay --version': [bin, '--version'],
  'mlplay doc': [bin, 'doc'],
  'mlplay run, 20 files converged': [bin, 'run', playbook, '-o', 'plain'],
}
const times = Object.fromEntries(Object.keys(commands).map(name => [name, { wall: [] }]))
const once = args => {
  const began = process.hrtime.bigint()
  const ended = spawnSync(process.execPath, args, { stdio: 'ignore' })
  if (ended.status !== 0) throw new Error(`${args.join(' ')} ended with ${ended.status}`)
  return { wall: Number(process.hrtime.bigint() - began) / 1e6 }
}
once(commands['mlplay run, 20 files converged'])
for (let round = 0; round < rounds; round++)
  for (const [name, args] of Object.entries(commands)) times[name].wall.push(once(args).wall)
const median = list => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]
const least = list => Math.min(...list)
const bare = { median: median(times['node -e 0'].wall), least: least(times['node -e 0'].wall) }
console.log('| command | median ms | ratio of medians | ratio of the fastest |\n|---|---|---|---|')
for (const [name, { wall }] of Object.entries(times))
  console.log(
    `| ${name} | ${median(wall).toFixed(0)} | ${(median(wall) / bare.median).toFixed(2)} | ${(least(wall) / bare.least).toFixed(2)} |`,
  )
rmSync(folder, { recursive: true })
