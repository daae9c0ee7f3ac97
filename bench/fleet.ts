import { bootLab, type Lab } from '../test/lab/boot-lab.ts'
import type { Ask, Engine, Outcome } from './engines/engine.ts'
import { engines } from './engines/engines.ts'
import { byHand, plainSsh } from './engines/plain-ssh.ts'
import { type Place, placeOf } from './place.ts'
import { type Row, table } from './table.ts'

export interface FleetRequest {
  readonly hosts: number
  readonly rounds: number
  /** Parts of engines' names with commas between them; all when empty. */
  readonly only: string
}

/** The role on a small fleet: nothing to do, one line to change in a dry run, everything to do. */
export async function fleet({ hosts, rounds, only }: FleetRequest): Promise<void> {
  const known = await engines(only)
  // Ansible at its best where the two do not differ much; and on fresh hosts no connection can be warm.
  const warm = known.filter(({ name }) => !name.includes('cold'))
  const cold = known.filter(({ name }) => !name.includes('warm'))
  const lab = await bootLab({ hosts, every: ['python'] })
  try {
    const place = placeOf(lab, { name: 'all' })
    const first = known[0]
    if (first === undefined) throw new Error(`no engine is called ${only}`)
    await first.run(place, { dry: false })
    await serves(lab)
    const limits = first.name === 'mlplay' ? [plainSsh()] : []
    const converged = await alternate([...known, ...limits], place, { dry: false }, rounds)
    for (const [name, outcomes] of converged)
      if (outcomes.some(({ changed = 0 }) => changed !== 0)) throw new Error(`${name} changed a converged host`)
    console.log(`${table(`${hosts} hosts, converged`, rowsOf(converged))}\n`)
    const dry = await alternate(warm, place, { dry: true, rate: 11 }, rounds)
    for (const [name, outcomes] of dry)
      if (outcomes.some(({ changed = 0 }) => changed < hosts)) throw new Error(`${name} did not see the change`)
    console.log(`${table(`${hosts} hosts, dry run of one change`, rowsOf(dry))}\n`)
    const one = placeOf(lab, { name: 'one', hosts: lab.hosts.slice(0, 1) })
    const single = await alternate([...warm, ...limits], one, { dry: false }, rounds)
    console.log(`${table('1 host, converged', rowsOf(single))}\n`)
  } finally {
    await lab.close()
  }
  const began = new Map<string, Outcome[]>()
  for (let round = 0; round < Math.min(rounds, 3); round++)
    for (const engine of [...cold, byHand()]) {
      const before = began.get(engine.name) ?? []
      if (round < roundsFor(before[0], rounds)) began.set(engine.name, [...before, await firstRun(engine, hosts)])
    }
  console.log(table(`${hosts} fresh hosts, first run`, rowsOf(began)))
}

/** Fresh hosts for each: nothing that another engine installed or cached is there. */
async function firstRun(engine: Engine, hosts: number): Promise<Outcome> {
  const lab = await bootLab({ hosts, every: ['python'] })
  try {
    const outcome = await engine.run(placeOf(lab, { name: 'all' }), { dry: false })
    await serves(lab)
    return outcome
  } finally {
    await lab.close()
  }
}

/** Long runs vary less, and there is not all the time in the world. */
const roundsFor = (sample: Outcome | undefined, rounds: number): number =>
  sample !== undefined && sample.wallMs > 15_000 ? Math.min(rounds, 2) : rounds

/** Every engine once a round, so that a busy minute of the machine is everyone's. */
export async function alternate(
  list: readonly Engine[],
  place: Place,
  ask: Ask,
  rounds: number,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const outcomes = new Map<string, Outcome[]>(list.map(({ name }) => [name, []]))
  // The first of each warms caches and, where there are any, connections.
  const samples = new Map<string, Outcome>()
  for (const engine of list) samples.set(engine.name, await engine.run(place, ask))
  for (let round = 0; round < rounds; round++)
    for (const engine of list)
      if (round < roundsFor(samples.get(engine.name), rounds))
        outcomes.get(engine.name)?.push(await engine.run(place, ask))
  return outcomes
}

export const rowsOf = (outcomes: ReadonlyMap<string, readonly Outcome[]>): readonly Row[] =>
  [...outcomes].map(([name, list]) => ({
    name,
    wallMs: list.map(({ wallMs }) => wallMs),
    cpuMs: list.map(({ cpuMs }) => cpuMs),
  }))

/** The role's own promise: no way in without the password, a way to the backend with it (there is none, hence 502). */
async function serves(lab: Lab): Promise<void> {
  const login = `Authorization: Basic ${Buffer.from('admin:secret').toString('base64')}\\r\\n`
  const get = `'exec 3<>/dev/tcp/127.0.0.1/8080; printf "GET / HTTP/1.0\\r\\n$1\\r\\n" >&3; head -1 <&3'`
  const script = `ask() { bash -c ${get} ask "$1" | cut -d' ' -f2; }; ask ''; ask '${login}'`
  for (const { name } of lab.hosts) {
    const said = await lab.run(name, script)
    if (said.stdout !== '401\n502\n')
      throw new Error(`${name} does not serve as the role says: ${said.stdout}${said.stderr}`)
  }
}
