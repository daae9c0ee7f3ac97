import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { baseImage } from './base-image.ts'
import { must } from './command.ts'
import { hashOf, keep } from './keep.ts'
import { packageRepository } from './package-repository.ts'
import type { Suite } from './places.ts'

// In a mount namespace of its own, so that nothing stays mounted however this ends.
const install = `set -eu
mount -t overlay mlplay-lab -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
mkdir -p "$2/root/repo"
mount --bind "$3" "$2/root/repo"
shift 3
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
chroot "$0" apt-get -qq update
chroot "$0" apt-get -qq -y --no-install-recommends install "$@"
chroot "$0" sh -c 'apt-get clean; rm -rf /var/lib/apt/lists/*; touch -d 2001-01-01 /var/lib/apt/lists'
`

/** The base image with packages already in it, as one more lower layer: installed once, not once a host. */
export async function packageLayer(packages: readonly string[], suite: Suite): Promise<string> {
  const [base, repository] = [await baseImage(suite), await packageRepository(suite)]
  return keep(`layer-${hashOf({ base, repository, packages, version: 2 })}`, async folder => {
    const work = `${folder}-work`
    for (const name of ['upper', 'work', 'root']) mkdirSync(join(work, name), { recursive: true })
    const where = [join(work, 'root'), base, work, repository]
    await must(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', install, ...where, ...packages])
    renameSync(join(work, 'upper'), folder)
    await must(['rm', '-rf', work])
  })
}
