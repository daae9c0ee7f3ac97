import { createHash, getHashes } from 'node:crypto'
import { anything, flag, oneOf, optional, shown, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { isDict, iterate, show } from '../values.ts'

// Ids that Ansible makes are the same here.
const ANSIBLES_NAMESPACE = '361e6d51-faec-444a-9079-341386da8e2e'
const ENCODINGS: Readonly<Record<string, 'utf8' | 'latin1' | 'utf16le'>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  ascii: 'utf8',
  'us-ascii': 'utf8',
  'latin-1': 'latin1',
  latin1: 'latin1',
  'iso-8859-1': 'latin1',
  'utf-16-le': 'utf16le',
  'utf-16le': 'utf16le',
}
const encodingOf = (name: string): 'utf8' | 'latin1' | 'utf16le' => {
  const found = ENCODINGS[name.toLowerCase().replaceAll('_', '-')]
  if (found === undefined)
    throw new TypeError(`the encoding '${name}' is not supported: there are utf-8, ascii, latin-1 and utf-16-le`)
  return found
}

const bytesOf = (value: string, encoding: string): Buffer => {
  const to = encodingOf(encoding)
  const odd = [...value].find(
    char => (char.codePointAt(0) as number) > (/ascii/i.test(encoding) ? 127 : to === 'latin1' ? 255 : 0x10ffff),
  )
  if (odd !== undefined) throw new TypeError(`'${odd}' cannot be written in ${encoding}`)
  return Buffer.from(value, to)
}

const textOf = (bytes: Buffer, encoding: string): string => {
  const from = encodingOf(encoding)
  if (from !== 'utf8') return bytes.toString(from)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new TypeError('what comes out is no text in utf-8: it would lose bytes', { cause: error })
  }
}

const decoded = (value: string, urlsafe: boolean): Buffer => {
  const letters = urlsafe ? value.replaceAll('-', '+').replaceAll('_', '/') : value
  const bare = letters.replace(/[^A-Za-z0-9+/=]/g, '')
  const data = bare.replace(/=.*$/s, '')
  if (data.length % 4 === 1 || (bare.length % 4 !== 0 && data.length % 4 !== 0))
    throw new TypeError('this is no base64: its padding is incorrect')
  return Buffer.from(data, 'base64')
}

const digest = (data: unknown, algorithm: string): string => {
  const name = algorithm.toLowerCase().replaceAll('-', '_')
  const known = getHashes().find(
    one =>
      one.toLowerCase().replaceAll('-', '_') === name ||
      one.toLowerCase().replaceAll(/[-_]/g, '') === name.replaceAll('_', ''),
  )
  if (known === undefined || /rsa|with/i.test(algorithm))
    throw new TypeError(
      `hash does not know '${algorithm}': there are md5, sha1, sha224, sha256, sha384, sha512, sha3_256 and others`,
    )
  return createHash(known).update(show(data)).digest('hex')
}

const quoted = (value: string, keep: RegExp): string =>
  [...value]
    .map(char =>
      keep.test(char)
        ? char
        : [...Buffer.from(char)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    )
    .join('')
const query = (value: unknown): string => quoted(show(value), /[\w.~-]/).replaceAll('%20', '+')

const pairOf = (value: unknown): readonly unknown[] => {
  const pair = iterate(value)
  if (pair.length !== 2) throw new TypeError('urlencode takes a list of pairs, or a dict')
  return pair
}
const fixed = (algorithm: string) => routine({ data: anything }, ({ data }) => digest(data, algorithm))

/** Filters that encode, decode and digest. */
export const encodingFilters: Routines = {
  b64encode: routine(
    { string: shown, encoding: optional(text, 'utf-8'), urlsafe: optional(flag, false) },
    ({ string, encoding, urlsafe }) => {
      const made = bytesOf(string, encoding).toString('base64')
      return urlsafe ? made.replaceAll('+', '-').replaceAll('/', '_') : made
    },
  ),
  b64decode: routine(
    { string: shown, encoding: optional(text, 'utf-8'), urlsafe: optional(flag, false) },
    ({ string, encoding, urlsafe }) => textOf(decoded(string, urlsafe), encoding),
  ),
  hash: routine({ data: anything, hashtype: optional(text, 'sha1') }, ({ data, hashtype }) => digest(data, hashtype)),
  checksum: fixed('sha1'),
  sha1: fixed('sha1'),
  md5: fixed('md5'),
  to_uuid: routine({ string: shown, namespace: optional(text, ANSIBLES_NAMESPACE) }, ({ string, namespace }) => {
    const bare = namespace.replace(/^urn:uuid:|[{}-]/g, '')
    if (!/^[0-9a-fA-F]{32}$/.test(bare)) throw new TypeError(`to_uuid: '${namespace}' is no namespace`)
    const hash = createHash('sha1').update(Buffer.from(bare, 'hex')).update(string).digest().subarray(0, 16)
    hash[6] = ((hash[6] as number) & 0x0f) | 0x50
    hash[8] = ((hash[8] as number) & 0x3f) | 0x80
    return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }),
  urlencode: routine({ value: anything }, ({ value }) => {
    if (typeof value === 'string' || (!isDict(value) && !Array.isArray(value))) return quoted(show(value), /[\w.~/-]/)
    const pairs = isDict(value) ? Object.entries(value) : iterate(value).map(pairOf)
    return pairs.map(([key, item]) => `${query(key)}=${query(item)}`).join('&')
  }),
  urldecode: routine(
    { string: text, encoding: optional(text, 'utf-8'), errors: optional(oneOf('replace', 'strict'), 'replace') },
    ({ string, encoding, errors }) =>
      string.replaceAll('+', ' ').replace(/(?:%[0-9a-fA-F]{2})+/g, run => {
        const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
        return errors === 'strict' ? textOf(bytes, encoding) : bytes.toString(encodingOf(encoding))
      }),
  ),
}
