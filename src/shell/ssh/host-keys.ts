import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashName, isHashed, type KnownLine, knownName, matchesHost, parseKnownHosts } from './known-hosts.ts'

/** The known_hosts entries of one host. */
export interface KnownKeys {
  readonly name: string
  /** Lines with plain names, or found by an earlier search. */
  readonly keys: readonly KnownLine[]
  /** Some line names a certificate authority, which only OpenSSH can check. */
  readonly authority: boolean
  /** Key types under which the host may be known. */
  readonly types: ReadonlySet<string>
  /** Lines of this host with the given key, plain or hashed. */
  readonly having: (key: string) => readonly KnownLine[]
  /** All lines of this host, hashed ones included: each hashed line costs a hash. */
  readonly search: () => readonly KnownLine[]
}

export type HostKeyCheck =
  | { readonly kind: 'known' | 'new' }
  | { readonly kind: 'revoked'; readonly line: KnownLine }
  /** `otherType`: the host is known by a key of another type, which it may present when asked for it. */
  | { readonly kind: 'changed'; readonly line: KnownLine; readonly otherType: boolean }

/**
 * The known_hosts files of a run, each read once. To find a host among hashed names, its name must be hashed with the salt
 * of each line, which is quadratic for a fleet. So hashed lines are looked up by the key that the host presents, and all of
 * them are searched only when no line has that key.
 */
export class HostKeys {
  readonly #files = new Map<string, KnownFile>()
  /** Results of searches, by name. */
  readonly #found = new Map<string, readonly KnownLine[]>()

  known(host: string, port: number, paths: readonly string[]): KnownKeys {
    const name = knownName(host, port)
    const files = paths.map(path => this.#file(path))
    // As in OpenSSH, a key of the name without a port is valid for every port that has no key of its own.
    const bare = port === 22 ? undefined : host.toLowerCase()
    const own = this.#plain(name, files)
    const other = bare === undefined || own.length > 0 ? [] : this.#plain(bare, files)
    const keys = [...own, ...other].filter(line => line.marker === undefined)
    const hashed = files.filter(file => file.hashed.length > 0)
    const search = () => {
      const under = (one: string) => hashed.flatMap(file => file.hashed.filter(line => matchesHost(line.hosts, one)))
      const lines = under(name)
      const all = lines.length > 0 || bare === undefined || own.length > 0 ? lines : under(bare)
      this.#found.set(name, all)
      return all
    }
    return {
      name,
      keys,
      authority:
        [...own, ...other].some(line => line.marker === 'cert-authority') ||
        hashed.some(file =>
          file.authorities.some(({ hosts }) => matchesHost(hosts, name) || matchesHost(hosts, bare ?? name)),
        ),
      types: new Set([
        ...keys.map(line => line.type),
        ...(keys.length > 0 ? [] : hashed.flatMap(file => [...file.types])),
      ]),
      having: key => {
        const plain = [...own, ...other].filter(line => line.key === key)
        const lines = hashed.flatMap(file => file.byKey.get(key) ?? [])
        const mine = lines.filter(line => matchesHost(line.hosts, name))
        // When the host has plain lines, hashed lines count only if they revoke a key.
        if (keys.length > 0) return [...plain, ...mine.filter(line => line.marker === 'revoked')]
        const byBareName = bare !== undefined && mine.length === 0 && lines.some(line => matchesHost(line.hosts, bare))
        return [...plain, ...mine, ...(byBareName ? search().filter(line => line.key === key) : [])]
      },
      search,
    }
  }

  /** Adds the key of a new host. Returns an error message when it could not be written. */
  remember(known: KnownKeys, key: Buffer, at: { readonly file: string; readonly hashed: boolean }): string | undefined {
    const file = this.#file(at.file)
    const line = {
      hosts: known.name,
      type: keyType(key),
      key: key.toString('base64'),
      file: at.file,
      line: file.count + 1,
    }
    const text = `${at.hashed ? hashName(known.name) : known.name} ${line.type} ${line.key}\n`
    const before = file.open ? '\n' : ''
    // In memory by its plain name, whether or not the file has it hashed.
    file.add(line)
    try {
      if (file.count === 1) mkdirSync(dirname(at.file), { recursive: true, mode: 0o700 })
      // One append, so that a line added by another process is not lost.
      appendFileSync(at.file, `${before}${text}`, { mode: 0o600 })
    } catch (error) {
      return `${at.file} cannot be written: ${(error as Error).message}`
    }
    return undefined
  }

  #plain(name: string, files: readonly KnownFile[]): readonly KnownLine[] {
    return [...files.flatMap(file => file.under(name)), ...(this.#found.get(name) ?? [])]
  }

  #file(path: string): KnownFile {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const read = new KnownFile(readText(path), path)
    this.#files.set(path, read)
    return read
  }
}

/** The lines of one file, by name and by key. */
class KnownFile {
  readonly hashed: KnownLine[] = []
  readonly authorities: KnownLine[] = []
  readonly byKey = new Map<string, KnownLine[]>()
  /** Key types of the hashed lines. */
  readonly types = new Set<string>()
  readonly #exact = new Map<string, KnownLine[]>()
  readonly #patterns: KnownLine[] = []
  /** Number of lines. */
  count: number
  /** The last line has no newline. */
  open: boolean

  constructor(text: string, path: string) {
    this.count = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    this.open = text !== '' && !text.endsWith('\n')
    for (const line of parseKnownHosts(text, path)) this.#add(line)
  }

  under(name: string): readonly KnownLine[] {
    return [...(this.#exact.get(name) ?? []), ...this.#patterns.filter(line => matchesHost(line.hosts, name))]
  }

  /** Adds a line that was appended to the file. */
  add(line: KnownLine): void {
    this.count++
    this.open = false
    this.#add(line)
  }

  #add(line: KnownLine): void {
    if (isHashed(line.hosts)) {
      this.hashed.push(line)
      if (line.marker === 'cert-authority') this.authorities.push(line)
      if (line.marker === undefined) this.types.add(line.type)
      push(this.byKey, line.key, line)
    } else if (/[*?!]/.test(line.hosts)) this.#patterns.push(line)
    else for (const name of new Set(line.hosts.toLowerCase().split(','))) push(this.#exact, name, line)
  }
}

const push = (map: Map<string, KnownLine[]>, key: string, line: KnownLine): void => {
  const known = map.get(key)
  if (known === undefined) map.set(key, [line])
  else known.push(line)
}

/** Checks the key that a host presents. A key of an unknown type counts as changed: an impostor would present one. */
export function verifyHostKey(known: KnownKeys, key: Buffer): HostKeyCheck {
  const having = known.having(key.toString('base64'))
  const revoked = having.find(line => line.marker === 'revoked')
  if (revoked !== undefined) return { kind: 'revoked', line: revoked }
  if (having.some(line => line.marker === undefined)) return { kind: 'known' }
  const others = known.keys.length > 0 ? known.keys : known.search().filter(line => line.marker === undefined)
  const line = others.find(one => one.type === keyType(key)) ?? others[0]
  if (line === undefined) return { kind: 'new' }
  return { kind: 'changed', line, otherType: known.keys.length === 0 && line.type !== keyType(key) }
}

/** Host key algorithms to offer, those of known keys first, so that the host presents a key that can be checked. */
export function orderAlgorithms(known: KnownKeys, offered: readonly string[]): readonly string[] {
  const { types } = known
  const first = offered.filter(algorithm => types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm))
  return [...first, ...offered.filter(algorithm => !first.includes(algorithm))]
}

/** The fingerprint in OpenSSH's format, `SHA256:...`. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

export const keyType = (key: Buffer): string => key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
