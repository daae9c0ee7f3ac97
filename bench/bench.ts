// npm run bench -- fleet [--hosts 10] [--rounds 5] [--only NAME]
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { fleet } from './fleet.ts'

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
const all: Readonly<Record<string, () => Promise<void>>> = { fleet: () => fleet(request) }
for (const name of positionals.length > 0 ? positionals : Object.keys(all)) {
  const bench = all[name]
  if (bench === undefined) throw new Error(`no bench ${name}: ${Object.keys(all).join(', ')}`)
  await bench()
}
