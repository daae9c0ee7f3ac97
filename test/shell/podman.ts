import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Target } from '../../src/model/target.ts'

const needed = ['/usr/bin/podman', '/usr/sbin/runc', '/bin/busybox']

/** Why tests with a real container cannot run here; nothing when they can. */
export const noPodman = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'a container of its own takes root'
  const missing = needed.find(path => !existsSync(path))
  return missing === undefined ? undefined : `${missing} is not there (MLPLAY_E2E=1 sh test/setup.sh)`
}

export interface Podman {
  readonly target: Target
  /** What `podman` needs to find its containers. */
  readonly env: NodeJS.ProcessEnv
  readonly stop: () => void
}

/** A container with nothing but busybox in it, and storage of its own, so that nobody's images and containers are touched. */
export function startPodman(): Podman {
  const folder = mkdtempSync(join(tmpdir(), 'mlplay-podman-'))
  const config = join(folder, 'containers.conf')
  // runc and cgroupfs serve on machines without systemd too, and in virtual machines with both kinds of cgroups.
  writeFileSync(config, '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n')
  const env = { ...process.env, CONTAINERS_CONF: config, CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf') }
  writeFileSync(
    env.CONTAINERS_STORAGE_CONF,
    `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
  )
  const podman = (...args: readonly string[]) =>
    execFileSync('podman', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const image = join(folder, 'image')
  busyboxIn(image)
  execFileSync('tar', ['-C', image, '-cf', `${folder}/image.tar`, '.'])
  const name = `mlplay-box-${process.pid}`
  podman('import', '-q', `${folder}/image.tar`, 'mlplay-box')
  // Limits that this process may not raise are not asked for.
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=4096:4096']
  podman('run', '-d', '--name', name, '--network', 'none', ...limits, 'mlplay-box', '/bin/sleep', '100000')
  return {
    target: { name: 'box', connection: 'podman', address: name },
    env,
    stop: () => {
      podman('rm', '-f', '-t', '0', name)
      podman('rmi', '-f', 'mlplay-box')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function busyboxIn(root: string): void {
  for (const name of ['bin', 'etc', 'root', 'tmp', 'dev', 'proc']) mkdirSync(join(root, name), { recursive: true })
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'))
  const applets = execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).split('\n')
  for (const applet of applets)
    if (applet !== '' && applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet))
  // Debian has it with libraries and without.
  const libraries = execFileSync('/bin/sh', ['-c', 'ldd /bin/busybox 2>/dev/null || true'], { encoding: 'utf8' })
  for (const [, library = ''] of libraries.matchAll(/(\/\S+) \(0x/g)) {
    mkdirSync(dirname(join(root, library)), { recursive: true })
    copyFileSync(library, join(root, library))
  }
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n')
}
