/** One way in which a host differs from a fresh Debian that lets root in by key. */
export interface Variant {
  readonly about: string
  /** Installed before the host boots. */
  readonly packages?: readonly string[]
  /** Run by `sh` in the host's files before it boots; `$LOGIN` is who will log in, `$HOME` is theirs. */
  readonly setUp?: string
  readonly files?: Readonly<Record<string, string>>
  /** A shell line that runs as a service from boot on, called `lab.service`. */
  readonly service?: string
  /** More options of systemd-nspawn. */
  readonly nspawn?: readonly string[]
  /** The host's variables in the inventory. */
  readonly vars?: Readonly<Record<string, string>>
  /** The types of its host keys; ed25519 and ecdsa otherwise. */
  readonly hostKeys?: readonly ('ed25519' | 'ecdsa' | 'rsa')[]
  readonly certificates?: boolean
}
