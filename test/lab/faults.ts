import type { Lab } from './boot-lab.ts'
import { must } from './command.ts'

// What networks and people do to hosts, done on purpose.

const inHost = async (lab: Lab, host: string, script: string): Promise<string> => {
  const ended = await lab.run(host, script)
  if (ended.code !== 0) throw new Error(`${host}: ${script}\n${ended.stderr}`)
  return ended.stdout
}

const dropping = `main=$(systemctl show -P MainPID ssh); n=0
for p in /proc/[0-9]*; do
  [ "$(readlink "$p/exe")" = /usr/sbin/sshd ] && [ "\${p#/proc/}" != "$main" ] && kill -KILL "\${p#/proc/}" && n=$((n + 1))
done; echo "$n"`

/** Ends every ssh session of the host at once, as a crash or a cable would; new ones are taken. Says how many. */
export const dropConnections = async (lab: Lab, host: string): Promise<number> =>
  Number(await inHost(lab, host, dropping))

/** The same at the moment when a file appears on the host: in the middle of a change that makes it. */
export const dropConnectionsWhen = async (lab: Lab, host: string, file: string): Promise<number> =>
  Number(await inHost(lab, host, `until [ -e '${file}' ]; do sleep 0.02; done; ${dropping}`))

/** The host is there and says nothing: connections are taken by the kernel, and no sshd answers. `resume` ends it. */
export const hangSshd = async (lab: Lab, host: string): Promise<void> => {
  await inHost(lab, host, 'kill -STOP "$(systemctl show -P MainPID ssh)"')
}

export const resumeSshd = async (lab: Lab, host: string): Promise<void> => {
  await inHost(lab, host, 'kill -CONT "$(systemctl show -P MainPID ssh)"')
}

/** Packets go nowhere, in the middle of whatever was going on, and no one is told. */
export const unplug = async (lab: Lab, host: string): Promise<void> => {
  await inHost(lab, host, 'ip link set host0 down')
}

export const plugIn = async (lab: Lab, host: string): Promise<void> => {
  await inHost(lab, host, 'ip link set host0 up')
}

/** The port is closed: connections are refused. */
export const stopSshd = async (lab: Lab, host: string): Promise<void> => {
  await inHost(lab, host, 'systemctl stop ssh')
}

/** The host shows another key than the one in known_hosts, as after a new installation or with someone in between. */
export const changeHostKey = async (lab: Lab, host: string): Promise<void> => {
  await inHost(
    lab,
    host,
    'rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key && systemctl restart ssh',
  )
}

/** A further user key, let in at the host for whoever logs in there; its path. */
export async function allowNewKey(
  lab: Lab,
  host: string,
  type: 'rsa' | 'ecdsa' | 'ed25519',
  passphrase = '',
): Promise<string> {
  const path = `${lab.folder}/key-${type}-${process.hrtime.bigint()}`
  await must(['ssh-keygen', '-q', '-t', type, '-N', passphrase, '-C', 'lab', '-f', path])
  const user = lab.hosts.find(({ name }) => name === host)?.user ?? 'root'
  const line = (await must(['cat', `${path}.pub`])).trim()
  await inHost(lab, host, `cat >> ~${user}/.ssh/authorized_keys <<'key'\n${line}\nkey`)
  return path
}
