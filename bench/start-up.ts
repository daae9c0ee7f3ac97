import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { mlplayBin } from './engines/mlplay.ts'
import { measure } from './measure.ts'
import { type Row, table } from './table.ts'

const root = resolve(import.meta.dirname, '..')

/** How long the command takes to start, beside a bare node in the same run. */
export async function startUp({ rounds }: { readonly rounds: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlplay-bench-'))
  const task = (i: number) =>
    `    - copy-file: { dest: "${folder}/f${i}", content: "{{ ansible_hostname }} ${i}\\n", mode: "0644" }\n`
  const playbook = join(folder, 'p.yml')
  writeFileSync(playbook, `- hosts: localhost\n  tasks:\n${Array.from({ length: 20 }, (_, i) => task(i)).join('')}`)
  const commands: Readonly<Record<string, readonly string[]>> = {
    'node -e 0': ['-e', '0'],
    'mlplay --version': [mlplayBin, '--version'],
    'mlplay doc': [mlplayBin, 'doc'],
    'mlplay run, 20 files converged': [mlplayBin, 'run', playbook, '-o', 'plain'],
    'mlplay validate, the role mlflow-proxy': [mlplayBin, 'validate', join(root, 'playbooks/mlflow-proxy.yml')],
  }
  const rows: (Row & { readonly wallMs: number[]; readonly cpuMs: number[] })[] = Object.keys(commands).map(name => ({
    name,
    wallMs: [],
    cpuMs: [],
  }))
  try {
    for (let round = -1; round < 3 * rounds; round++)
      for (const row of rows) {
        const { wallMs, cpuMs } = await measure({ argv: [process.execPath, ...(commands[row.name] ?? [])] })
        if (round < 0) continue
        row.wallMs.push(wallMs)
        row.cpuMs.push(cpuMs)
      }
  } finally {
    rmSync(folder, { recursive: true })
  }
  console.log(`${table('start-up', rows, 'node -e 0')}\n`)
}
