import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HostPlan } from './host-plan.ts'

/** What is this host's own before it boots: name, address, key for root, and its variants' files. */
export function writeHostFiles(plan: HostPlan, peers: readonly HostPlan[], authorizedKey: string): void {
  const upper = join(plan.folder, 'upper')
  for (const name of ['upper/etc/systemd/system/multi-user.target.wants', 'upper/root/.ssh', 'work', 'root'])
    mkdirSync(join(plan.folder, name), { recursive: true })
  for (const name of ['root', 'root/.ssh']) chmodSync(join(upper, name), 0o700)
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(upper, path)), { recursive: true })
    writeFileSync(join(upper, path), text, { mode })
  }
  write('/etc/hostname', `${plan.name}\n`)
  write('/etc/machine-id', `${createHash('md5').update(plan.folder).digest('hex')}\n`)
  write('/etc/hosts', ['127.0.0.1 localhost', ...peers.map(peer => `${peer.address} ${peer.name}`), ''].join('\n'))
  write('/root/.ssh/authorized_keys', authorizedKey, 0o600)
  for (const { files, service } of plan.variants) {
    for (const [path, text] of Object.entries(files ?? {})) write(path, text)
    if (service === undefined) continue
    write('/usr/local/lib/lab-service', `${service}\n`)
    write('/etc/systemd/system/lab.service', labUnit)
  }
  write('/etc/systemd/system/lab-network.service', networkUnit(plan.address))
  const enabled = `ln -sf ../lab-network.service /etc/systemd/system/multi-user.target.wants/
[ ! -e /etc/systemd/system/lab.service ] || ln -sf ../lab.service /etc/systemd/system/multi-user.target.wants/`
  const lines = [enabled, ...plan.variants.map(({ setUp }) => setUp ?? ''), '']
  writeFileSync(join(plan.folder, 'set-up.sh'), lines.join('\n'))
}

const networkUnit = (address: string) => `[Unit]
Description=The lab's static address
DefaultDependencies=no
Before=network.target ssh.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/ip link set lo up
ExecStart=/bin/ip link set host0 up
ExecStart=/bin/ip address add ${address}/24 dev host0
`

const labUnit = `[Unit]
Description=What makes this host special
[Service]
ExecStart=/bin/sh /usr/local/lib/lab-service
`
