import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFolder } from './run-folder.ts'

/** The cgroup folders of one host: in each hierarchy that systemd uses, one on new kernels' machines, two on others. */
export const cgroupsOf = (run: RunFolder, host: string): readonly string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(([, , type, options]) => type === 'cgroup2' || (type === 'cgroup' && options?.includes('name=systemd')))
    .map(([, mount = '']) => join(mount, 'mlplay-lab', `${run.bridge}-${host}`))
