import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { baseImage } from './base-image.ts'
import { cgroupsOf } from './cgroups.ts'
import type { HostPlan } from './host-plan.ts'
import { onHost } from './on-host.ts'
import { packageLayer } from './package-layer.ts'
import { packageRepository } from './package-repository.ts'
import type { RunFolder } from './run-folder.ts'

const script = join(import.meta.dirname, 'boot-host.sh')
const patienceMs = 120_000

/** Starts one host and waits until its systemd has finished and its sshd answers. */
export async function bootHost(plan: HostPlan, run: RunFolder): Promise<void> {
  const packages = [...new Set(plan.variants.flatMap(variant => variant.packages ?? []))].sort()
  const layers = [
    ...(packages.length > 0 ? [await packageLayer(packages, plan.suite)] : []),
    await baseImage(plan.suite),
  ]
  const console = openSync(join(plan.folder, 'console.log'), 'w')
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'sh', script],
      ...plan.variants.flatMap(({ nspawn }) => nspawn ?? []),
      ...Object.entries(plan.folders).map(([there, here]) => `--bind-ro=${here}:${there}`),
    ],
    {
      detached: true,
      stdio: ['ignore', console, console],
      env: {
        PATH: process.env['PATH'],
        FOLDER: plan.folder,
        LAYERS: layers.join(':'),
        REPOSITORY: await packageRepository(plan.suite),
        MACHINE: `${run.bridge}-${plan.name}`,
        BRIDGE: run.bridge,
        LOGIN: plan.user,
        HOME: plan.user === 'root' ? '/root' : `/home/${plan.user}`,
        CGROUPS: cgroupsOf(run, plan.name).join(' '),
      },
    },
  )
  child.unref()
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  await untilUp(plan, () => ended)
}

/** Has one host boot again, and waits as when it booted first. */
export async function rebootHost(plan: HostPlan): Promise<void> {
  const nspawn = () => readFileSync(join(plan.folder, 'pid'), 'utf8')
  const before = nspawn()
  await onHost(plan.folder, 'systemctl reboot')
  const deadline = Date.now() + patienceMs
  while (nspawn() === before) {
    if (Date.now() > deadline) throw new Error(`${plan.name} did not go down:\n${lastWords(plan)}`)
    await sleep(50)
  }
  await untilUp(plan, () => false)
}

async function untilUp(plan: HostPlan, ended: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await answers(plan.address))) {
    if (ended() || Date.now() > deadline) throw new Error(`${plan.name} did not boot:\n${lastWords(plan)}`)
    await sleep(50)
  }
  const state = await onHost(plan.folder, 'systemctl is-system-running --wait || systemctl --failed --no-legend')
  if (state.stdout.trim() !== 'running') throw new Error(`${plan.name} came up as ${state.stdout}${state.stderr}`)
}

const lastWords = (plan: HostPlan): string =>
  readFileSync(join(plan.folder, 'console.log'), 'utf8').trim().split('\n').slice(-8).join('\n')

/** Whether sshd says its name there. */
const answers = (address: string): Promise<boolean> =>
  new Promise(done => {
    const socket = connect({ host: address, port: 22 })
    const say = (answer: boolean) => {
      socket.destroy()
      done(answer)
    }
    socket.setTimeout(2000, () => say(false))
    socket.once('error', () => say(false))
    socket.once('close', () => say(false))
    socket.once('data', bytes => say(bytes.toString().startsWith('SSH-')))
  })
