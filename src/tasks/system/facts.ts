import { taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'

const text = { type: 'string' } as const
const number = { type: 'integer' } as const
const flag = { type: 'boolean' } as const

export default taskType({
  name: 'facts',
  summary: 'what kind of host it is, as ansible_facts and ansible_NAME',
  params: { type: 'object', additionalProperties: false, properties: {} },
  example: { name: 'of any host', params: {} },
  ansible: ['setup'],
  nature: 'query',
  defines: 'facts',
  state: {
    type: 'object',
    properties: {
      system: text,
      kernel: text,
      architecture: text,
      hostname: text,
      fqdn: text,
      nodename: text,
      os_id: text,
      os_like: text,
      distribution: text,
      distribution_version: text,
      distribution_release: text,
      service_mgr: text,
      user_id: text,
      user_uid: number,
      user_dir: text,
      ipv6: flag,
      processor_vcpus: number,
      memtotal_mb: number,
      python3: text,
      nginx_version: text,
      openssl_version: text,
      is_container: flag,
      default_ipv4: text,
      all_ipv4_addresses: text,
      pkg_mgr: text,
    },
  },
  probe:
    () => sh`set -- $(uname -srmn); fact system "$1"; fact nodename "$2"; fact hostname "\${2%%.*}"; fact kernel "$3"; fact architecture "$4"
fact fqdn "$(hostname -f 2>/dev/null || uname -n)"
[ -r /etc/os-release ] && ( . /etc/os-release; fact os_id "$ID"; fact os_like "$ID_LIKE"; fact distribution "\${NAME%% *}"; fact distribution_version "$VERSION_ID"; fact distribution_release "$VERSION_CODENAME" )
if [ -d /run/systemd/system ]; then fact service_mgr systemd; elif command -v rc-service >/dev/null 2>&1; then fact service_mgr openrc; else fact service_mgr sysvinit; fi
fact user_id "$(id -un)"; fact user_uid "$(id -u)"; fact user_dir "$HOME"
[ -e /proc/net/if_inet6 ] && fact ipv6 1
n=0; m=; while read -r key value _; do case $key in MemTotal:) m=$((value / 1024));; esac; done < /proc/meminfo; fact memtotal_mb "$m"
while read -r key _; do case $key in processor) n=$((n + 1));; esac; done < /proc/cpuinfo; fact processor_vcpus "$n"
fact python3 "$(command -v python3)"
x=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx) && { v=$("$x" -V 2>&1); w=\${v#*nginx/}; fact nginx_version "\${w%%[!0-9.]*}"; case $v in *"with OpenSSL "*) w=\${v#*with OpenSSL }; fact openssl_version "\${w%%[!0-9.]*}";; esac; case $v in *"running with OpenSSL "*) w=\${v#*running with OpenSSL }; fact openssl_version "\${w%%[!0-9.]*}";; esac; }
{ [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -n "$container" ] || [ -s /run/systemd/container ]; } && fact is_container 1
set -- $(hostname -I 2>/dev/null); fact all_ipv4_addresses "$*"
a=$(ip -o -4 route get 192.0.2.1 2>/dev/null) && { a=\${a#* src }; fact default_ipv4 "\${a%% *}"; }
for p in apt-get dnf apk zypper pacman; do command -v "$p" >/dev/null 2>&1 && { fact pkg_mgr "$p"; break; }; done`,
  plan: (_, found) => {
    const { os_id = '', os_like = '', default_ipv4, all_ipv4_addresses = '', pkg_mgr, ...plain } = found
    const family = families.find(([pattern]) => pattern.test(`${os_id} ${os_like}`))?.[1] ?? plain.distribution ?? ''
    const facts = {
      ...plain,
      user_gecos: undefined,
      distribution: os_id === 'debian' ? 'Debian' : os_id === 'ubuntu' ? 'Ubuntu' : (plain.distribution ?? os_id),
      distribution_major_version: (plain.distribution_version ?? '').split('.')[0] ?? '',
      os_family: family,
      pkg_mgr: pkg_mgr === 'apt-get' ? 'apt' : (pkg_mgr ?? ''),
      ipv6: plain.ipv6 === true,
      is_container: plain.is_container === true,
      nginx_version: plain.nginx_version ?? '',
      openssl_version: plain.openssl_version ?? '',
      all_ipv4_addresses: all_ipv4_addresses.split(' ').filter(address => /^\d+\./.test(address)),
      default_ipv4: { address: default_ipv4 ?? '' },
    }
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
    return { changes: [], facts: { ansible_facts: known as never } }
  },
})

const families: readonly (readonly [RegExp, string])[] = [
  [/debian|ubuntu/, 'Debian'],
  [/rhel|fedora|centos/, 'RedHat'],
  [/alpine/, 'Alpine'],
  [/suse/, 'Suse'],
  [/arch/, 'Archlinux'],
]
