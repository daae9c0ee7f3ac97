import { join } from 'node:path'
import { must } from '../test/lab/command.ts'
import { hashOf, keep } from '../test/lab/keep.ts'

/** A virtual environment with these packages from PyPI, made once; the path of its Python. */
export async function python(packages: readonly string[]): Promise<string> {
  const folder = await keep(`python-${hashOf(packages)}`, async building => {
    await must(['python3', '-m', 'venv', building])
    await must([join(building, 'bin/python'), '-m', 'pip', 'install', '--quiet', ...packages])
  })
  return join(folder, 'bin/python')
}

/** The version that was installed, for the table. */
export const versionOf = async (interpreter: string, name: string): Promise<string> =>
  (await must([interpreter, '-c', `from importlib.metadata import version; print(version('${name}'))`])).trim()
