import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hashName, isHashed, type KnownLine, knownName, parseKnownHosts, speaksOf } from './known-hosts.ts'

/** What known_hosts has to say of one host. */
export interface Known {
  readonly name: string
  readonly keys: readonly KnownLine[]
  readonly revoked: readonly KnownLine[]
  /** Some authority may vouch for it: only OpenSSH itself can check that. */
  readonly authority: boolean
}

export type HostKeyVerdict =
  | { readonly kind: 'known' | 'new' }
  | { readonly kind: 'changed' | 'revoked'; readonly line: KnownLine }

interface KnownFile {
  readonly lines: readonly KnownLine[]
  /** Names that are written out, to spare the hashing of all the others. */
  readonly plain: readonly KnownLine[]
  readonly hashed: readonly KnownLine[]
  readonly exact: ReadonlyMap<string, readonly KnownLine[]>
}

/** The known_hosts files of a run, each read once. */
export class HostKeys {
  readonly #files = new Map<string, KnownFile>()

  known(host: string, port: number, files: readonly string[]): Known {
    const name = knownName(host, port)
    const found = this.#find(name, files)
    // As OpenSSH has it: a key known under the bare name serves for any of its ports.
    const bare = found.length === 0 && port !== 22 ? this.#find(host.toLowerCase(), files) : []
    const all = [...found, ...bare]
    return {
      name,
      keys: all.filter(line => line.marker === undefined),
      revoked: all.filter(line => line.marker === 'revoked'),
      authority: all.some(line => line.marker === 'cert-authority'),
    }
  }

  /** Keeps a new host's key. Gives what went wrong, if anything did. */
  remember(known: Known, key: Buffer, at: { readonly file: string; readonly hashed: boolean }): string | undefined {
    const type = keyType(key)
    const text = `${at.hashed ? hashName(known.name) : known.name} ${type} ${key.toString('base64')}`
    const before = readText(at.file)
    try {
      mkdirSync(dirname(at.file), { recursive: true, mode: 0o700 })
      // One write at the end of the file: whoever else adds a line meanwhile keeps theirs.
      appendFileSync(at.file, `${before === '' || before.endsWith('\n') ? '' : '\n'}${text}\n`, { mode: 0o600 })
    } catch (error) {
      return `${at.file} cannot be written: ${(error as Error).message}`
    } finally {
      this.#files.set(at.file, index(parseKnownHosts(`${before}\n${text}`, at.file)))
    }
    return undefined
  }

  #find(name: string, files: readonly string[]): readonly KnownLine[] {
    const plain: KnownLine[] = []
    const hashed: KnownLine[] = []
    for (const path of files) {
      const file = this.#file(path)
      plain.push(...(file.exact.get(name) ?? []), ...file.plain.filter(line => speaksOf(line.hosts, name)))
      hashed.push(...file.hashed)
    }
    if (plain.some(line => line.marker === undefined))
      return [...plain, ...hashed.filter(line => line.marker === 'revoked' && speaksOf(line.hosts, name))]
    return [...plain, ...hashed.filter(line => speaksOf(line.hosts, name))]
  }

  #file(path: string): KnownFile {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const read = index(parseKnownHosts(readText(path), path))
    this.#files.set(path, read)
    return read
  }
}

/** What a key that a host shows is worth. A key of another type than those known counts as changed: it is what an impostor would show. */
export function judgeHostKey(known: Known, key: Buffer): HostKeyVerdict {
  const text = key.toString('base64')
  const revoked = known.revoked.find(line => line.key === text)
  if (revoked !== undefined) return { kind: 'revoked', line: revoked }
  if (known.keys.some(line => line.key === text)) return { kind: 'known' }
  const line = known.keys.find(one => one.type === keyType(key)) ?? known.keys[0]
  return line === undefined ? { kind: 'new' } : { kind: 'changed', line }
}

/** Signature algorithms by which a host with these keys is asked to prove itself: those for a known key first, or only its other key would show. */
export function orderAlgorithms(known: Known, offered: readonly string[]): readonly string[] {
  const types = new Set(known.keys.map(line => line.type))
  const first = offered.filter(algorithm => types.has(algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm))
  return [...first, ...offered.filter(algorithm => !first.includes(algorithm))]
}

/** `SHA256:...`, as OpenSSH shows it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

export const keyType = (key: Buffer): string => key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')

const index = (lines: readonly KnownLine[]): KnownFile => {
  const exact = new Map<string, KnownLine[]>()
  const plain: KnownLine[] = []
  const hashed: KnownLine[] = []
  for (const line of lines) {
    if (isHashed(line.hosts)) hashed.push(line)
    else if (/[*?!]/.test(line.hosts)) plain.push(line)
    else
      for (const name of new Set(line.hosts.toLowerCase().split(',')))
        exact.set(name, [...(exact.get(name) ?? []), line])
  }
  return { lines, plain, hashed, exact }
}

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
