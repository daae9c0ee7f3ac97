import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, type Ended } from './command.ts'

const found = new Map<string, number>()

/** The host's own init as this machine sees it: systemd-nspawn's child. */
function leaderOf(folder: string): number {
  const nspawn = readFileSync(join(folder, 'pid'), 'utf8').split(' ')[0]
  const known = found.get(folder)
  // After a reboot it is another one.
  if (known !== undefined && parentOf(String(known)) === nspawn) return known
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || parentOf(name) !== nspawn) continue
    found.set(folder, Number(name))
    return Number(name)
  }
  throw new Error(`the host of ${folder} is not up`)
}

const parentOf = (pid: string): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[1]
  } catch {
    return undefined
  }
}

/** A script as root inside a host, by its namespaces: independent of ssh and of what is being tested. */
export const onHost = async (folder: string, script: string): Promise<Ended> =>
  command(['nsenter', '-t', String(leaderOf(folder)), '-a', '--', '/bin/sh', '-c', script], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LC_ALL: 'C' },
  })
