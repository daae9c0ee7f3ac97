import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab, LabHost } from '../test/lab/boot-lab.ts'

/** The same hosts as each engine wants to be told of them: over the lab's own network, or through ports of this machine. */
export interface Place {
  readonly folder: string
  readonly hosts: readonly string[]
  /** For mlplay and Ansible. */
  readonly inventory: string
  readonly pyinfraInventory: string
  readonly sshConfig: string
}

export interface PlaceRequest {
  readonly name: string
  readonly hosts?: readonly LabHost[]
  /** Ports of 127.0.0.1 that lead to the hosts, in their order. */
  readonly ports?: readonly number[]
}

export function placeOf(lab: Lab, { name, hosts = lab.hosts, ports }: PlaceRequest): Place {
  const folder = join(lab.folder, name)
  mkdirSync(folder, { recursive: true })
  const write = (file: string, text: string): string => {
    writeFileSync(join(folder, file), text)
    return join(folder, file)
  }
  const at = hosts.map((host, i) => ({
    name: host.name,
    lab: host.address,
    address: ports === undefined ? host.address : '127.0.0.1',
    port: ports?.[i] ?? 22,
  }))
  const known = readFileSync(lab.knownHosts, 'utf8').trim().split('\n')
  const knownHosts = write(
    'known_hosts',
    at
      .flatMap(({ lab, address, port }) =>
        known
          .filter(line => line.split(' ')[0]?.split(',').includes(lab))
          .map(line => `${port === 22 ? address : `[${address}]:${port}`} ${line.split(' ').slice(1).join(' ')}\n`),
      )
      .join(''),
  )
  const strict = `  UserKnownHostsFile ${knownHosts}\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n`
  const sshConfig = write(
    'ssh_config',
    [
      ...at.map(({ name, address, port }) => `Host ${name}\n  HostName ${address}\n  Port ${port}\n`),
      `Host *\n  User root\n  IdentityFile ${lab.privateKey}\n  IdentitiesOnly yes\n${strict}`,
    ].join(''),
  )
  const inventory = write(
    'hosts.yml',
    JSON.stringify({
      mlflow: { children: { lab: {} } },
      lab: {
        hosts: Object.fromEntries(
          at.map(({ name, address, port }) => [name, { ansible_host: address, ansible_port: port }]),
        ),
        vars: {
          ansible_user: 'root',
          ansible_ssh_private_key_file: lab.privateKey,
          ansible_ssh_common_args: `-F ${sshConfig}`,
          ansible_python_interpreter: '/usr/bin/python3',
        },
      },
    }),
  )
  const data = ({ address, port }: { readonly address: string; readonly port: number }) => ({
    ssh_hostname: address,
    ssh_port: port,
    ssh_user: 'root',
    ssh_key: lab.privateKey,
    ssh_known_hosts_file: knownHosts,
    ssh_strict_host_key_checking: 'yes',
  })
  const pyinfraInventory = write(
    'inventory.py',
    `import json\nlab = [(name, data) for name, data in json.loads(r'''${JSON.stringify(at.map(host => [host.name, data(host)]))}''')]\n`,
  )
  return { folder, hosts: at.map(({ name }) => name), inventory, pyinfraInventory, sshConfig }
}
