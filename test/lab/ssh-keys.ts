import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './command.ts'
import type { HostPlan } from './host-plan.ts'

const publicOf = (path: string): string => readFileSync(`${path}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ')

/** A new key pair at `path` and `path`.pub. */
export const makeKey = async (path: string, type: string, passphrase = ''): Promise<string> => {
  await must(['ssh-keygen', '-q', '-t', type, '-N', passphrase, '-C', 'lab', '-f', path])
  return publicOf(path)
}

/** The host's own keys, and the lines of known_hosts that vouch for it. */
export async function makeHostKeys(plan: HostPlan, authorities: string): Promise<readonly string[]> {
  const ssh = join(plan.folder, 'upper/etc/ssh')
  mkdirSync(ssh, { recursive: true })
  const names = `${plan.address},${plan.name}`
  const types = plan.variants.find(({ hostKeys }) => hostKeys !== undefined)?.hostKeys ?? ['ed25519', 'ecdsa']
  const keys: string[] = []
  for (const type of types) keys.push(await makeKey(join(ssh, `ssh_host_${type}_key`), type))
  if (!plan.variants.some(({ certificates }) => certificates)) return keys.map(key => `${names} ${key}`)
  return certify(plan, ssh, authorities)
}

async function certify(plan: HostPlan, ssh: string, authorities: string): Promise<readonly string[]> {
  const key = 'ssh_host_ed25519_key'
  const principals = `${plan.address},${plan.name}`
  await must([
    'ssh-keygen',
    '-q',
    '-s',
    join(authorities, 'host-ca'),
    '-I',
    plan.name,
    '-h',
    '-n',
    principals,
    join(ssh, `${key}.pub`),
  ])
  const settings = `HostCertificate /etc/ssh/${key}-cert.pub\nHostKey /etc/ssh/${key}\nTrustedUserCAKeys /etc/ssh/user-ca.pub\n`
  mkdirSync(join(ssh, 'sshd_config.d'), { recursive: true })
  appendFileSync(join(ssh, 'sshd_config.d/certificates.conf'), settings)
  appendFileSync(join(ssh, 'user-ca.pub'), `${publicOf(join(authorities, 'user-ca'))}\n`)
  return [`@cert-authority ${principals} ${publicOf(join(authorities, 'host-ca'))}`]
}

/** Two authorities and a user key with a certificate, in a folder of their own: no other host takes that key. */
export async function makeAuthorities(folder: string): Promise<string> {
  if (existsSync(folder)) return folder
  mkdirSync(folder, { recursive: true })
  await makeKey(join(folder, 'host-ca'), 'ed25519')
  await makeKey(join(folder, 'user-ca'), 'ed25519')
  await makeKey(join(folder, 'key'), 'ed25519')
  await must([
    'ssh-keygen',
    '-q',
    '-s',
    join(folder, 'user-ca'),
    '-I',
    'lab',
    '-n',
    'root,deploy',
    join(folder, 'key.pub'),
  ])
  return folder
}
