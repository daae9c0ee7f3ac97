import { createHmac, randomBytes } from 'node:crypto'
import { matchesList } from './patterns.ts'

/** A line of a known_hosts file. */
export interface KnownLine {
  readonly marker?: 'revoked' | 'cert-authority'
  /** `web1,10.0.0.1`, `[web1]:2222`, `*.example.com,!bad.example.com`, or one hashed name. */
  readonly hosts: string
  /** The key type: `ssh-rsa`, also when the signature is `rsa-sha2-512`. */
  readonly type: string
  /** base64 */
  readonly key: string
  readonly file: string
  readonly line: number
}

/** Skips invalid lines, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownLine[] {
  return text.split('\n').flatMap((source, index) => {
    const words = source.trim().split(/[ \t]+/)
    const marker = words[0]?.startsWith('@') === true ? words.shift()?.slice(1) : undefined
    const [hosts = '', type = '', key = ''] = words
    if (hosts === '' || hosts.startsWith('#') || !/^[A-Za-z0-9+/]{16,}={0,2}$/.test(key)) return []
    if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return []
    return [{ ...(marker === undefined ? {} : { marker }), hosts, type, key, file, line: index + 1 }]
  })
}

/** The name of a host in known_hosts, with the port unless it is 22. */
export const knownName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

export const isHashed = (hosts: string): boolean => hosts.startsWith('|1|')

/** True when the host patterns of a line match the name. */
export function matchesHost(hosts: string, name: string): boolean {
  if (!isHashed(hosts)) return matchesList(hosts.toLowerCase().split(','), name)
  const [, , salt = '', hash = ''] = hosts.split('|')
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

/** Hashes a name as `HashKnownHosts` does. */
export function hashName(name: string): string {
  const salt = randomBytes(20)
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}
