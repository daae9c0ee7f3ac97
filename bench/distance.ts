import { bootLab } from '../test/lab/boot-lab.ts'
import { type DelayProxy, delayProxy } from '../test/lab/delay-proxy.ts'
import type { Engine } from './engines/engine.ts'
import { engines } from './engines/engines.ts'
import { byHand, plainSsh } from './engines/plain-ssh.ts'
import { alternate, type FleetRequest, rowsOf } from './fleet.ts'
import { placeOf } from './place.ts'
import { table } from './table.ts'

const roundTripsMs = [0, 20, 200]

/** Converged hosts from afar: what a round trip costs, and how many there are, connecting included. */
export async function distance({ hosts, rounds, only }: FleetRequest): Promise<void> {
  const known = (await engines(only)).filter(({ name }) => !name.includes('warm'))
  const list = [...known, ...(known.some(({ name }) => name === 'mlplay') ? [plainSsh()] : [])]
  const lab = await bootLab({ hosts, every: ['python'] })
  try {
    await known[0]?.run(placeOf(lab, { name: 'near' }), { dry: false })
    for (const ms of roundTripsMs) {
      const proxies = await Promise.all(
        lab.hosts.map(({ address }) => delayProxy({ host: address, port: 22, delayMs: ms / 2 })),
      )
      const ports = proxies.map(({ port }) => port)
      const place = placeOf(lab, { name: `far-${ms}`, ports })
      const counted = list.map(engine => countingTrips(engine, proxies))
      const outcomes = await alternate(counted, place, { dry: false }, ms > 100 ? Math.min(rounds, 2) : rounds)
      const rows = rowsOf(outcomes).map(row => ({
        ...row,
        more: [(outcomes.get(row.name)?.at(-1)?.roundTrips ?? 0).toFixed(1)],
      }))
      console.log(`${table(`${hosts} hosts, ${ms} ms away, converged`, rows, 'mlplay', ['round trips a host'])}\n`)
      for (const proxy of proxies) await proxy.close()
    }
  } finally {
    await lab.close()
  }
  if (known.some(({ name }) => name === 'mlplay')) await firstRunFromAfar(hosts, Math.min(rounds, 3))
}

/** Counted at the wire: each connection's handshake, and each time that the client spoke again after hearing something. */
function countingTrips(engine: Engine, proxies: readonly DelayProxy[]): Engine {
  const sum = () => proxies.map(({ count }) => count()).reduce((all, at) => all + at.connections + at.roundTrips, 0)
  return {
    name: engine.name,
    run: async (place, ask) => {
      const before = sum()
      const outcome = await engine.run(place, ask)
      return { ...outcome, roundTrips: (sum() - before) / proxies.length }
    },
  }
}

/** Everything to do, 200 ms away: what is told one by one costs that many round trips. */
async function firstRunFromAfar(hosts: number, rounds: number): Promise<void> {
  const ours = await engines('mlplay')
  const outcomes = new Map<string, Awaited<ReturnType<Engine['run']>>[]>()
  for (let round = 0; round < rounds; round++)
    for (const engine of [...ours, byHand()]) {
      const lab = await bootLab({ hosts, every: ['python'] })
      const proxies = await Promise.all(
        lab.hosts.map(({ address }) => delayProxy({ host: address, port: 22, delayMs: 100 })),
      )
      try {
        const place = placeOf(lab, { name: 'far', ports: proxies.map(({ port }) => port) })
        outcomes.set(engine.name, [...(outcomes.get(engine.name) ?? []), await engine.run(place, { dry: false })])
      } finally {
        for (const proxy of proxies) await proxy.close()
        await lab.close()
      }
    }
  console.log(`${table(`${hosts} fresh hosts, 200 ms away, first run`, rowsOf(outcomes))}\n`)
}
