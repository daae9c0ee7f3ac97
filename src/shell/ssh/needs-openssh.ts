import { existsSync, readFileSync } from 'node:fs'
import type { LocalUser, ResolvedConfig, SshSettings } from './settings.ts'

/** The feature of a host's ssh config that only OpenSSH supports; undefined when node-ssh can connect. */
export function needsOpenssh(config: ResolvedConfig, settings: SshSettings, reader: LocalUser): string | undefined {
  const set = (name: string): string | undefined => {
    const value = config.get(name)?.[0]
    return value === undefined || ['none', 'no', 'false', ''].includes(value) ? undefined : value
  }
  if (set('proxycommand') !== undefined) return 'ProxyCommand'
  if (set('certificatefile') !== undefined) return 'CertificateFile'
  if (set('pkcs11provider') !== undefined) return 'PKCS11Provider'
  if (set('knownhostscommand') !== undefined) return 'KnownHostsCommand'
  if (set('verifyhostkeydns') !== undefined) return 'VerifyHostKeyDNS'
  if (set('bindinterface') !== undefined) return 'BindInterface'
  if (set('hostbasedauthentication') !== undefined) return 'HostbasedAuthentication'
  const path = set('controlpath')
  if (path !== undefined && existsSync(path)) return 'ControlPath with a master that is running'
  // Debian enables GSSAPI by default; it matters only when there is a Kerberos ticket.
  if (set('gssapiauthentication') !== undefined && hasTicket(reader))
    return 'GSSAPIAuthentication and a Kerberos ticket'
  const { identityFiles } = settings
  if (identityFiles.some(file => existsSync(`${file}-cert.pub`))) return 'a certificate beside the key'
  if (identityFiles.length > 0 && identityFiles.every(isSecurityKey)) return 'a security key'
  return undefined
}

const hasTicket = ({ env, uid }: LocalUser): boolean =>
  env['KRB5CCNAME'] !== undefined || existsSync(`/tmp/krb5cc_${uid}`)

const isSecurityKey = (path: string): boolean => {
  for (const file of [`${path}.pub`, path])
    try {
      const text = readFileSync(file, 'utf8')
      if (/^sk-(ssh|ecdsa)/.test(text)) return true
      if (/^(ssh|ecdsa)-/.test(text)) return false
    } catch {
      // the other file may say
    }
  return false
}
