import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { baseImage } from './base-image.ts'
import { must } from './command.ts'
import { hashOf, keep } from './keep.ts'
import { mirror } from './mirror.ts'
import { type Suite, suite as usual } from './places.ts'

/** What hosts can install, with all that it needs: the role's packages, something tiny, and what variants are made of. */
const packages = [
  ...['nginx', 'apache2-utils', 'curl', 'openssl', 'logrotate', 'hello', 'procps'],
  ...['fish', 'csh', 'busybox'],
  ...['python3-minimal', 'python3-apt', 'python3-passlib', 'python3', 'python3-venv'],
]

/** A folder that apt takes for a repository, downloaded once on this machine: hosts have no route to any other. */
export const packageRepository = async (suite: Suite = usual): Promise<string> => {
  const base = await baseImage(suite)
  return keep(`repository-${hashOf({ suite, packages, version: 1 })}`, async folder => {
    mkdirSync(join(folder, 'partial'), { recursive: true })
    const state = join(folder, 'state')
    mkdirSync(join(state, 'lists/partial'), { recursive: true })
    const sources = join(state, 'sources.list')
    writeFileSync(sources, `deb ${await mirror()} ${suite} main\n`)
    // The base image's own apt database says what is already there; nothing of this machine's does.
    const options = [
      `Dir::Etc::SourceList=${sources}`,
      'Dir::Etc::SourceParts=-',
      `Dir::Etc::TrustedParts=${join(base, 'etc/apt/trusted.gpg.d')}`,
      `Dir::State::status=${join(base, 'var/lib/dpkg/status')}`,
      `Dir::State::Lists=${join(state, 'lists')}`,
      `Dir::Cache=${state}`,
      `Dir::Cache::archives=${folder}`,
      'APT::Sandbox::User=root',
      'APT::Install-Recommends=false',
      'Debug::NoLocking=true',
    ].flatMap(option => ['-o', option])
    await must(['apt-get', ...options, '-qq', 'update'])
    await must(['apt-get', ...options, '-qq', '-y', '--download-only', 'install', ...packages])
    await must(['rm', '-rf', state, join(folder, 'partial')])
    await must(['sh', '-c', `cd '${folder}' && dpkg-scanpackages -m . > Packages 2>/dev/null && chmod -R a+rX .`])
  })
}
