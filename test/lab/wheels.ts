import { join } from 'node:path'
import { must } from './command.ts'
import { hashOf, keep } from './keep.ts'

// What the usual Debian of the lab has, whatever this machine has.
const host = [
  ...['--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp'],
  ...['manylinux_2_28', 'manylinux2014', 'manylinux1'].flatMap(tag => ['--platform', `${tag}_${machine()}`]),
]

function machine(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}

/**
 * A folder of wheels with all that these need: with pip's own `no-index` and `find-links`, hosts of the lab install from
 * it, which have no way to PyPI. Downloaded once on this machine.
 */
export const wheels = (requirements: readonly string[]): Promise<string> =>
  keep(`wheels-${hashOf({ requirements, host, version: 1 })}`, async folder => {
    const venv = `${folder}-venv`
    await must(['python3', '-m', 'venv', venv])
    const pip = [join(venv, 'bin/pip'), 'download', '--quiet', '--disable-pip-version-check', '--dest', folder, ...host]
    try {
      // Each by itself: two versions of one package do not go together.
      for (const requirement of requirements) await must([...pip, requirement])
    } finally {
      await must(['rm', '-rf', venv])
    }
  })
