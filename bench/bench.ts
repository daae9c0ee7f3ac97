// npm run bench -- [fleet | full-role | distance | names | known-hosts | replay | render | start-up]... [--hosts 10] [--rounds 5] [--only NAME,NAME]
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { distance } from './distance.ts'
import { fleet } from './fleet.ts'
import { fullRole } from './full-role.ts'
import { knownHosts } from './known-hosts.ts'
import { names } from './names.ts'
import { render } from './render.ts'
import { replay } from './replay.ts'
import { startUp } from './start-up.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    hosts: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
})
const request = { hosts: Number(values.hosts), rounds: Number(values.rounds), only: values.only }
console.log(
  `Node ${process.version}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${request.rounds} rounds\n`,
)
const all: Readonly<Record<string, () => Promise<void>>> = {
  fleet: () => fleet(request),
  'full-role': () => fullRole(request),
  distance: () => distance(request),
  names: () => names(request),
  'known-hosts': () => knownHosts(request),
  replay,
  render: async () => render(request),
  'start-up': () => startUp(request),
}
for (const name of positionals.length > 0 ? positionals : Object.keys(all)) {
  const bench = all[name]
  if (bench === undefined) throw new Error(`no bench ${name}: ${Object.keys(all).join(', ')}`)
  await bench()
}
