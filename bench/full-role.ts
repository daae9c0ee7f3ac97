import { bootLab } from '../test/lab/boot-lab.ts'
import type { Engine } from './engines/engine.ts'
import { mlplayBin, summaryOf } from './engines/mlplay.ts'
import { alternate, type FleetRequest, rowsOf } from './fleet.ts'
import { measure } from './measure.ts'
import { placeOf } from './place.ts'
import { table } from './table.ts'

const playbook = new URL('../playbooks/mlflow-proxy.yml', import.meta.url).pathname

/** The whole role mlflow-proxy, which no other engine has: hosts without Python, a backend elsewhere that is not up. */
export async function fullRole({ hosts, rounds }: Omit<FleetRequest, 'only'>): Promise<void> {
  const lab = await bootLab({ hosts })
  try {
    const place = placeOf(lab, { name: 'all' })
    const bridge = (lab.hosts[0]?.address ?? '').replace(/\d+$/, '1')
    const vars = {
      mlflow_proxy_backend_managed: false,
      mlflow_proxy_backend_host: bridge,
      mlflow_proxy_backend_port: 15001,
      mlflow_proxy_users: [{ name: 'admin', password: 'only for measuring' }],
    }
    const role = (name: string, ...options: readonly string[]): Engine => ({
      name,
      run: async ({ inventory }) => {
        const argv = [
          process.execPath,
          mlplayBin,
          'run',
          playbook,
          '-i',
          inventory,
          '-o',
          'json',
          '-e',
          JSON.stringify(vars),
        ]
        const measured = await measure({ argv: [...argv, ...options] })
        const totals = Object.values(summaryOf(measured.stdout).hosts)
        return {
          ...measured,
          changed: totals.reduce((sum, { changed }) => sum + changed, 0),
          roundTrips: Math.max(...totals.map(host => host.round_trips)),
        }
      },
    })
    const first = await role('first run').run(place, { dry: false })
    const converged = await alternate(
      [role('mlplay'), role('mlplay, dry run', '--dry-run')],
      place,
      { dry: false },
      rounds,
    )
    const all = new Map([['mlplay, first run, in three batches', [first]], ...converged])
    const rows = rowsOf(all).map(row => {
      const last = all.get(row.name)?.at(-1)
      return { ...row, more: [String(last?.changed), String(last?.roundTrips)] }
    })
    console.log(
      `${table(`the role mlflow-proxy, ${hosts} hosts, converged`, rows, 'mlplay', ['changed', 'round trips a host'])}\n`,
    )
  } finally {
    await lab.close()
  }
}
