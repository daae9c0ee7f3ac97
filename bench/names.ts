import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootLab, type Lab } from '../test/lab/boot-lab.ts'
import { roleFolder } from './engines/engine.ts'
import { mlplayBin, summaryOf } from './engines/mlplay.ts'
import { measure } from './measure.ts'
import { median } from './median.ts'
import { type Place, placeOf } from './place.ts'
import { python, versionOf } from './python.ts'

const many = 1000
const real = 20

interface Took {
  readonly wallMs: number
  readonly cpuMs: number
  readonly maxRssKb: number
}

/** A thousand inventory names for twenty hosts: what a host costs this machine, with and without its connection. */
export async function names({ rounds }: { readonly rounds: number }): Promise<void> {
  const lab = await bootLab({ hosts: real, every: ['many-sessions', 'python'] })
  try {
    const places = { few: namesOf(lab, real), many: namesOf(lab, many) }
    const rows: string[] = []
    for (const [title, playbook] of [
      ['5 tasks without remote work', 'five-local.yml'],
      ['5 tasks that look at the host, over ssh', 'five-remote.yml'],
    ] as const) {
      const times = { few: [] as Took[], many: [] as Took[] }
      for (let round = 0; round < Math.min(rounds, 3); round++)
        for (const size of ['few', 'many'] as const) times[size].push(await once(places[size], playbook))
      const of = (size: 'few' | 'many', what: keyof Took) => median(times[size].map(took => took[what]))
      const memory = (of('many', 'maxRssKb') - of('few', 'maxRssKb')) / (many - real)
      rows.push(
        `| mlplay, ${many} hosts, ${title} | ${(of('many', 'wallMs') / 1000).toFixed(2)} | ${(of('many', 'cpuMs') / 1000).toFixed(2)} | ${(of('many', 'cpuMs') / many / 5).toFixed(3)} | ${memory.toFixed(0)} |`,
        `| mlplay, ${real} hosts, ${title} | ${(of('few', 'wallMs') / 1000).toFixed(2)} | ${(of('few', 'cpuMs') / 1000).toFixed(2)} | ${(of('few', 'cpuMs') / real / 5).toFixed(3)} | |`,
      )
    }
    rows.push(await ansibleRow(places.many))
    console.log('| 1000 names for 20 hosts | wall s | CPU s | CPU ms a host and task | kB a host beyond the first 20 |')
    console.log(`| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`)
  } finally {
    await lab.close()
  }
}

const namesOf = (lab: Lab, count: number): Place =>
  placeOf(lab, {
    name: `names-${count}`,
    hosts: Array.from({ length: count }, (_, i) => {
      const host = lab.hosts[i % lab.hosts.length] as Lab['hosts'][number]
      return { ...host, name: `n${i + 1}` }
    }),
  })

async function once(place: Place, playbook: string): Promise<Took> {
  const file = join(place.folder, 'usage.json')
  rmSync(file, { force: true })
  const hook = new URL('usage.mjs', import.meta.url).pathname
  const { wallMs, stdout } = await measure({
    argv: [
      ...[process.execPath, '--import', hook, mlplayBin, 'run', join(roleFolder, playbook)],
      ...['-i', place.inventory, '-f', '100', '-o', 'json'],
    ],
    env: { MLPLAY_USAGE: file },
  })
  const hosts = Object.values(summaryOf(stdout).hosts)
  if (hosts.length !== place.hosts.length || hosts.some(host => host.ok !== 5 || host.failed + host.unreachable > 0))
    throw new Error(`not all of ${place.hosts.length} hosts were ok: ${stdout.slice(-1000)}`)
  return { wallMs, ...(JSON.parse(readFileSync(file, 'utf8')) as Pick<Took, 'cpuMs' | 'maxRssKb'>) }
}

async function ansibleRow(place: Place): Promise<string> {
  const interpreter = await python(['ansible-core', 'passlib'])
  const argv = [interpreter, '-m', 'ansible', 'playbook', '-i', place.inventory, join(roleFolder, 'five-local.yml')]
  const took = await measure({ argv, env: { ANSIBLE_FORKS: '100', ANSIBLE_HOST_KEY_CHECKING: 'True' } })
  const name = `ansible-core ${await versionOf(interpreter, 'ansible-core')}, ${many} hosts, 5 tasks without remote work`
  return `| ${name} | ${(took.wallMs / 1000).toFixed(2)} | ${(took.cpuMs / 1000).toFixed(2)} | ${(took.cpuMs / many / 5).toFixed(3)} | |`
}
