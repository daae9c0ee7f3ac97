import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseImage } from './base-image.ts'
import { bootHost, rebootHost } from './boot-host.ts'
import { cgroupsOf } from './cgroups.ts'
import { type Ended, must } from './command.ts'
import { writeHostFiles } from './host-files.ts'
import { type HostPlan, type LabRequest, planHosts } from './host-plan.ts'
import { type InventoryFiles, writeInventory } from './inventory-files.ts'
import { onHost } from './on-host.ts'
import { packageRepository } from './package-repository.ts'
import { suite as usual } from './places.ts'
import { claimRun, reaperOf } from './run-folder.ts'
import { makeAuthorities, makeHostKeys, makeKey } from './ssh-keys.ts'

export type LabHost = Pick<HostPlan, 'name' | 'address' | 'user' | 'variantNames'>

export interface Lab extends InventoryFiles {
  readonly folder: string
  readonly hosts: readonly LabHost[]
  /** The key that lets in, unless a host's variant says otherwise. */
  readonly privateKey: string
  /** A script as root inside a host, not by ssh: to look at what a test did, or to break something. */
  readonly run: (host: string, script: string) => Promise<Ended>
  /** Returns once the host is up again. */
  readonly reboot: (host: string) => Promise<void>
  /** Takes everything away. Also happens when this process ends, however it ends. */
  readonly close: () => Promise<void>
}

// Each systemd holds a few of these for the whole kernel; the usual 128 are gone after some twenty hosts. It is an upper
// bound that costs nothing, so it stays raised.
const watchers = '/proc/sys/fs/inotify/max_user_instances'
const letWatch = (): void => {
  if (Number(readFileSync(watchers, 'utf8')) < 4096) writeFileSync(watchers, '4096')
}

/**
 * Boots real Debian hosts: systemd, sshd, apt, no Python, each on a bridge of this lab's own with a static address and no
 * route out. Needs root; the first one on a machine makes the image, which takes about half a minute.
 */
export async function bootLab(request: LabRequest): Promise<Lab> {
  if (process.getuid?.() !== 0) throw new Error('the lab boots machines: it needs root')
  await must(['sh', join(import.meta.dirname, 'setup.sh')])
  letWatch()
  const suites = [...new Set([usual, ...Object.values(request.suites ?? {})])]
  await Promise.all(suites.flatMap(suite => [baseImage(suite), packageRepository(suite)]))
  const run = await claimRun()
  const close = reaperOf(run.folder)
  try {
    const plans = planHosts(request, run)
    const authorized = await makeKey(join(run.folder, 'key'), 'ed25519')
    const certificates = plans.some(plan => plan.variants.some(variant => variant.certificates))
    const authorities = join(run.folder, 'authorities')
    if (certificates) await makeAuthorities(authorities)
    const known = await Promise.all(
      plans.map(plan => {
        writeHostFiles(plan, plans, `${authorized}\n`)
        appendFileSync(join(run.folder, 'cgroups'), `${cgroupsOf(run, plan.name).join('\n')}\n`)
        return makeHostKeys(plan, authorities)
      }),
    )
    const files = writeInventory(run.folder, plans, known.flat())
    const booted = await Promise.allSettled(plans.map(plan => bootHost(plan, run)))
    const failed = booted.flatMap(one => (one.status === 'rejected' ? [String(one.reason)] : []))
    if (failed.length > 0) throw new Error(failed.join('\n'))
    return {
      ...files,
      folder: run.folder,
      hosts: plans.map(({ name, address, user, variantNames }) => ({ name, address, user, variantNames })),
      privateKey: join(run.folder, 'key'),
      run: (host, script) => onHost(join(run.folder, 'hosts', host), script),
      reboot: async host => {
        const plan = plans.find(({ name }) => name === host)
        if (plan === undefined) throw new Error(`this lab has no host ${host}`)
        await rebootHost(plan)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
