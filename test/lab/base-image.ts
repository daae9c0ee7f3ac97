import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './command.ts'
import { hashOf, keep } from './keep.ts'
import { mirror } from './mirror.ts'
import { type Suite, suite as usual } from './places.ts'

const packages = ['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'iproute2', 'ca-certificates']

// Their own timers would take apt's lock whenever a test runs near six o'clock.
const masked = ['apt-daily.timer', 'apt-daily-upgrade.timer', 'e2scrub_all.timer', 'dpkg-db-backup.timer']

/** A Debian with systemd, sshd, sudo and apt and without Python: the lower layer of every host. About half a minute, once. */
export const baseImage = (suite: Suite = usual): Promise<string> =>
  keep(`base-${hashOf({ suite, packages, masked, version: 2 })}`, async folder => {
    const include = `--include=${packages.join(',')}`
    await must(['mmdebstrap', '--quiet', '--mode=root', '--variant=minbase', include, suite, folder, await mirror()])
    for (const unit of masked) await must(['ln', '-sf', '/dev/null', join(folder, 'etc/systemd/system', unit)])
    await must(['sh', '-c', `rm -f ${folder}/etc/ssh/ssh_host_* ${folder}/var/lib/apt/lists/*Packages*`])
    // Emptied a moment ago they would pass for fresh: Ansible goes by the folder's time.
    await must(['touch', '-d', '2001-01-01', join(folder, 'var/lib/apt/lists')])
    writeFileSync(join(folder, 'etc/apt/sources.list'), 'deb [trusted=yes] file:/repo ./\n')
    rmSync(join(folder, 'etc/resolv.conf'), { force: true })
  })
