import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostPlan } from './host-plan.ts'

export interface InventoryFiles {
  /** A folder for `mlplay -i` and `ansible -i`. */
  readonly inventory: string
  /** For `ssh -F`. */
  readonly sshConfig: string
  readonly knownHosts: string
}

/** What the project's own role wants to know here: hosts without Python and without PyPI are proxies, MLflow is elsewhere. */
const roleVars = {
  mlflow_proxy_server_names: ['{{ ansible_host }}', 'localhost'],
  mlflow_proxy_users: [
    {
      name: 'admin',
      password: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-admin-password', length=24) }}",
    },
  ],
  mlflow_proxy_backend_managed: false,
  mlflow_proxy_note: 'Log in as admin; the password is in {{ inventory_dir }}/secrets/mlflow-admin-password',
}

/** How to reach the hosts, for people and programs: host keys are known, and nothing unknown is let by. */
export function writeInventory(folder: string, hosts: readonly HostPlan[], known: readonly string[]): InventoryFiles {
  const files = {
    inventory: join(folder, 'inventory'),
    sshConfig: join(folder, 'ssh_config'),
    knownHosts: join(folder, 'known_hosts'),
  }
  writeFileSync(files.knownHosts, [...known, ''].join('\n'))
  const keyOf = (host: HostPlan) =>
    host.variants.some(({ certificates }) => certificates) ? join(folder, 'authorities/key') : join(folder, 'key')
  const strict = [
    'Host *',
    `  UserKnownHostsFile ${files.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  IdentitiesOnly yes',
    '',
  ]
  const entries = hosts.flatMap(host => [
    `Host ${host.name} ${host.address}`,
    `  HostName ${host.address}`,
    `  User ${host.user}`,
    `  IdentityFile ${keyOf(host)}`,
  ])
  writeFileSync(files.sshConfig, [...entries, ...strict].join('\n'))
  const hostVars = (host: HostPlan) => ({
    ansible_host: host.address,
    ansible_user: host.user,
    ansible_ssh_private_key_file: keyOf(host),
    ...Object.assign({}, ...host.variants.map(({ vars }) => vars ?? {})),
  })
  const groups = [...new Set(hosts.flatMap(({ variantNames }) => variantNames))].map(variant => [
    variant.replaceAll('-', '_'),
    { hosts: Object.fromEntries(hosts.filter(h => h.variantNames.includes(variant)).map(h => [h.name, {}])) },
  ])
  const all = {
    all: {
      vars: { ansible_ssh_common_args: `-F ${files.sshConfig}` },
      children: {
        lab: { hosts: Object.fromEntries(hosts.map(host => [host.name, hostVars(host)])) },
        mlflow: { children: { lab: {} }, vars: roleVars },
        ...Object.fromEntries(groups),
      },
    },
  }
  mkdirSync(files.inventory, { recursive: true })
  // JSON is YAML, and these values need no prettier form than a line each.
  writeFileSync(join(files.inventory, 'hosts.yml'), `${JSON.stringify(all, null, 2)}\n`)
  return files
}
