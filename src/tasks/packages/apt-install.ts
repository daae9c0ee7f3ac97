import { lines, nothing, type Script, sh } from '../../text/sh.ts'
import { packageState, packageType } from '../kit/package-type.ts'
import { aptGet } from './apt-get.ts'
import { isStale, judge } from './apt-judgement.ts'
import { aptState, lookAtPackages } from './apt-look.ts'
import { PACKAGE, PACKAGE_HINT, PACKAGES } from './package-names.ts'

const params = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      anyOf: [
        { type: 'string', pattern: PACKAGES, description: PACKAGE_HINT },
        { type: 'array', items: { type: 'string', pattern: PACKAGE, description: PACKAGE_HINT } },
      ],
      description: 'a package or a list of them; libc6:i386 asks for an architecture, nginx=1.22.* for a version',
    },
    state: packageState,
    cache_valid_time: {
      type: 'integer',
      minimum: 0,
      default: 86400,
      description: 'seconds for which package lists are fresh enough',
    },
    install_recommends: { type: 'boolean', description: "as the host's apt is set unless said" },
    purge: { type: 'boolean', description: 'with absent: configuration files too' },
    lock_timeout: { type: 'integer', minimum: 0, default: 300, description: 'seconds to wait for another apt or dpkg' },
  },
} as const

export default packageType({
  name: 'apt-install',
  summary: 'Debian packages that are to be there, or not',
  example: { name: 'packages', params: { name: ['nginx', 'curl'], state: 'present' } },
  params,
  ansible: ['apt', 'package'],
  instead: {
    autoremove: 'run it with command: apt-get -y autoremove',
    deb: 'only packages of the lists are installed: give their names',
    force_apt_get: 'it is always apt-get',
    package: 'write name:',
    pkg: 'write name:',
    update_cache: 'the lists are refreshed when they are older than cache_valid_time (seconds)',
    upgrade: 'write state: latest with the names',
  },
  state: aptState,
  probe: lookAtPackages,
  judge,
  install: (given, packages, found) => {
    const mend = packages.some(one => one.broken) ? sh`mend || exit` : nothing
    const names = packages.map(one => one.asked)
    return lines(aptGet(given.lock_timeout), mend, installing(names, isStale(given, found), given.install_recommends))
  },
  remove: ({ purge, lock_timeout }, packages) => {
    const verb = purge === true ? 'purge' : 'remove'
    return { verb, sh: lines(aptGet(lock_timeout), sh`apt ${verb} -- ${packages.map(({ name }) => name)}`) }
  },
})
/** One transaction for all, so that dependencies are resolved together; lists of yesterday may name versions that are gone. */
const installing = (names: readonly string[], stale: boolean, recommends: boolean | undefined): Script => {
  const update = sh`run apt-get -q -o DPkg::Lock::Timeout=0 update`
  if (names.length === 0) return update
  const options = recommends === undefined ? [] : [recommends ? '--install-recommends' : '--no-install-recommends']
  // Where there is no package 'curl+', apt-get takes it for curl.
  const plus = names.map(name => name.replace(/[:=].*/, '')).filter(name => name.endsWith('+'))
  const exist =
    plus.length === 0
      ? nothing
      : sh`for n in ${plus}; do apt-cache pkgnames "$n" | grep -qxF -e "$n" || { echo "E: there is no package '$n'" >&2; return 100; }; done`
  return lines(
    sh`install() { ${exist}
apt ${options} install -- ${names}; }`,
    stale
      ? sh`${update} && install`
      : sh`install || { echo "trying again with fresh package lists" >&2; ${update} && install; }`,
  )
}
