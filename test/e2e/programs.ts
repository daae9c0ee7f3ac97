import { join } from 'node:path'
import { program, repository } from './mlplay.ts'

/** The path of a program that programs.sh builds; built now when `npm test` has not done it before. */
export async function built(name: 'oauth2-proxy' | 'pebble' | 'versitygw'): Promise<string> {
  const ended = await program('sh', [join(repository, 'test/e2e/programs.sh'), name])
  if (ended.code !== 0) throw new Error(`${name} could not be built: ${ended.stderr}`)
  return join(repository, 'test/.tmp/go', name)
}
