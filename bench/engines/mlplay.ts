import { join } from 'node:path'
import { measure } from '../measure.ts'
import { type Engine, roleFolder } from './engine.ts'

export const mlplayBin = new URL('../../bin/mlplay.js', import.meta.url).pathname
export const mlplayRole = join(roleFolder, 'mlplay/site.yml')

interface Summary {
  readonly event: 'summary'
  readonly hosts: Readonly<Record<string, Record<'ok' | 'changed' | 'failed' | 'unreachable' | 'round_trips', number>>>
}

export const summaryOf = (stdout: string): Summary => {
  const line = stdout.split('\n').findLast(line => line.startsWith('{"event":"summary"'))
  if (line === undefined) throw new Error(`mlplay gave no summary:\n${stdout.slice(-2000)}`)
  return JSON.parse(line) as Summary
}

/** The command of this repository, built, as a person runs it. */
export const mlplay = (): Engine => ({
  name: 'mlplay',
  run: async (place, { dry, rate }) => {
    const argv = [process.execPath, mlplayBin, 'run', mlplayRole, '-i', place.inventory, '-o', 'json']
    argv.push('-f', String(place.hosts.length))
    if (dry) argv.push('--check', '--diff')
    if (rate !== undefined) argv.push('-e', `app_rate=${rate}`)
    const measured = await measure({ argv })
    const hosts = Object.values(summaryOf(measured.stdout).hosts)
    return {
      ...measured,
      changed: hosts.reduce((sum, { changed }) => sum + changed, 0),
      roundTrips: Math.max(...hosts.map(host => host.round_trips)),
    }
  },
})
