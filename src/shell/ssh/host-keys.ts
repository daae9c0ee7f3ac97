import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashName, isHashed, type KnownLine, knownName, matchesHost, parseKnownHosts } from './known-hosts.ts'

/** What known_hosts has to say of one host. */
export interface KnownKeys {
  readonly name: string
  /** Lines under names that are written out, or that were found by a search before. */
  readonly keys: readonly KnownLine[]
  /** Some authority may vouch for it: only OpenSSH itself can check that. */
  readonly authority: boolean
  /** Types of key that it may be known by. */
  readonly types: ReadonlySet<string>
  /** Lines of this host that have the key, whoever wrote its name and however. */
  readonly having: (key: string) => readonly KnownLine[]
  /** All lines of this host's, those with hashed names too: each such line costs a hash. */
  readonly search: () => readonly KnownLine[]
}

export type HostKeyVerdict =
  | { readonly kind: 'known' | 'new' }
  | { readonly kind: 'revoked'; readonly line: KnownLine }
  /** `otherType`: that it is known by a key of another type showed only now; asked for that one, it may have it. */
  | { readonly kind: 'changed'; readonly line: KnownLine; readonly otherType: boolean }

/**
 * The known_hosts files of a run, each read once. A hashed name can only be found by hashing a host's name with the salt of
 * each line, which for a fleet is the square of its size. So lines with hashed names are found by the key that a host
 * shows, and only where nobody has that key are all of them gone through.
 */
export class HostKeys {
  readonly #files = new Map<string, KnownFile>()
  /** What a search found, by name. */
  readonly #found = new Map<string, readonly KnownLine[]>()

  known(host: string, port: number, paths: readonly string[]): KnownKeys {
    const name = knownName(host, port)
    const files = paths.map(path => this.#file(path))
    // As OpenSSH has it: a key known under the bare name serves for any of its ports, where none is known for this one.
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
        // Where names are written out, hashed ones only take away.
        if (keys.length > 0) return [...plain, ...mine.filter(line => line.marker === 'revoked')]
        const byBareName = bare !== undefined && mine.length === 0 && lines.some(line => matchesHost(line.hosts, bare))
        return [...plain, ...mine, ...(byBareName ? search().filter(line => line.key === key) : [])]
      },
      search,
    }
  }

  /** Keeps a new host's key. Gives what went wrong, if anything did. */
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
    // By its name, which is known here, however it was written.
    file.add(line)
    try {
      if (file.count === 1) mkdirSync(dirname(at.file), { recursive: true, mode: 0o700 })
      // One write at the end of the file: whoever else adds a line meanwhile keeps theirs.
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
  /** Types of the keys under hashed names. */
  readonly types = new Set<string>()
  readonly #exact = new Map<string, KnownLine[]>()
  readonly #patterns: KnownLine[] = []
  /** Lines that it has. */
  count: number
  /** Its last line has no newline. */
  open: boolean

  constructor(text: string, path: string) {
    this.count = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    this.open = text !== '' && !text.endsWith('\n')
    for (const line of parseKnownHosts(text, path)) this.#add(line)
  }

  under(name: string): readonly KnownLine[] {
    return [...(this.#exact.get(name) ?? []), ...this.#patterns.filter(line => matchesHost(line.hosts, name))]
  }

  /** A line that is written at the end. */
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

/** What a key that a host shows is worth. A key of another type than those known counts as changed: it is what an impostor would show. */
export function verifyHostKey(known: KnownKeys, key: Buffer): HostKeyVerdict {
  const having = known.having(key.toString('base64'))
  const revoked = having.find(line => line.marker === 'revoked')
  if (revoked !== undefined) return { kind: 'revoked', line: revoked }
  if (having.some(line => line.marker === undefined)) return { kind: 'known' }
  const others = known.keys.length > 0 ? known.keys : known.search().filter(line => line.marker === undefined)
  const line = others.find(one => one.type === keyType(key)) ?? others[0]
  if (line === undefined) return { kind: 'new' }
  return { kind: 'changed', line, otherType: known.keys.length === 0 && line.type !== keyType(key) }
}

/** Signature algorithms by which a host with these keys is asked to prove itself: those for a known key first, or only its other key would show. */
export function orderAlgorithms(known: KnownKeys, offered: readonly string[]): readonly string[] {
  const { types } = known
  const first = offered.filter(algorithm => types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm))
  return [...first, ...offered.filter(algorithm => !first.includes(algorithm))]
}

/** `SHA256:...`, as OpenSSH shows it. */
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
