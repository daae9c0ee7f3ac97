import { measure } from './measure.ts'

const sizes = [1000, 2000, 5000, 10_000]

interface Line {
  readonly hosts: number
  readonly tasks: number
  readonly cpuMs: number
  readonly wallMs: number
  readonly peakKb: number
  readonly baseKb: number
}

/** More hosts than anyone has, played back: the cost of a host and task is to stay the same however many there are. */
export async function replay(): Promise<void> {
  console.log('| hosts on a replay shell, 10 tasks | wall s | CPU s | CPU ms a host and task | kB a host |')
  console.log('| --- | --- | --- | --- | --- |')
  for (const hosts of sizes) {
    const loader = new URL('../test/typescript.mjs', import.meta.url).pathname
    const script = new URL('replay-hosts.ts', import.meta.url).pathname
    const { stdout } = await measure({
      argv: [process.execPath, '--expose-gc', '--import', loader, script, String(hosts)],
    })
    const line = JSON.parse(stdout) as Line
    const each = line.cpuMs / line.hosts / line.tasks
    const memory = (line.peakKb - line.baseKb) / line.hosts
    console.log(
      `| ${line.hosts} | ${(line.wallMs / 1000).toFixed(2)} | ${(line.cpuMs / 1000).toFixed(2)} | ${each.toFixed(3)} | ${memory.toFixed(0)} |`,
    )
  }
  console.log()
}
