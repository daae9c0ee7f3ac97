import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLocal } from '../../src/shell/local.ts'
import type { Shell } from '../../src/shell/shell.ts'

/** A folder of a test, with a place in it for views. */
export const viewFolder = (name: string): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), `mlplay-${name}-`))
  mkdirSync(join(path, 'view'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/**
 * A root shell that sees this machine's system folders, and may write in them: what it writes is gone when it ends. `setup` is
 * sh that runs first.
 */
export const openView = (folder: string, { shell, setup }: { readonly shell: string; readonly setup: string }): Shell =>
  openLocal({
    argv: [
      'unshare',
      '-m',
      'sh',
      '-c',
      `mount --make-rprivate / && mount -t tmpfs none ${folder}/view && cd ${folder}/view || exit 1
for d in etc var usr; do mkdir -p $d/up $d/work && mount -t overlay none -o lowerdir=/$d,upperdir=$PWD/$d/up,workdir=$PWD/$d/work /$d || exit 1; done
mount -t tmpfs none /run; cd /; ${setup}
exec ${shell}`,
    ],
    env: process.env,
  })
