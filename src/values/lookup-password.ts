import { resolve } from 'node:path'
import { Fault } from '../model/fault.ts'
import { keepFile } from '../store/keep-file.ts'
import { keptPassword } from '../store/kept-password.ts'
import type { LookupContext } from './lookup-context.ts'

const alphabets: Readonly<Record<string, string>> = {
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
}

interface Wanted {
  readonly file: string
  readonly length: number
  readonly alphabet: readonly string[]
}

/** `lookup('password', 'FILE length=20 chars=digits')`: the password that a file holds, or a new one that it keeps. */
export function lookupPassword(
  term: string,
  keywords: Readonly<Record<string, unknown>>,
  context: LookupContext,
): string {
  const wanted = wantedOf(term, keywords)
  const fresh = () => noted(pick(wanted.alphabet, wanted.length, context.random), context)
  // By this name one asks for a password that is kept nowhere.
  if (wanted.file === '/dev/null') return fresh()
  const path = resolve(context.folders.at(-1) ?? '.', wanted.file)
  const known = context.made.get(path) ?? readPassword(path)
  if (known !== undefined) return noted(known, context)
  const made = fresh()
  const kept = context.check || keep(path, made, context) ? made : (readPassword(path) ?? made)
  context.made.set(path, kept)
  return noted(kept, context)
}

const noted = (password: string, { secrets }: LookupContext): string => {
  secrets.add(password)
  return password
}

const wantedOf = (term: string, keywords: Readonly<Record<string, unknown>>): Wanted => {
  const words = term.trim().split(/\s+/)
  const isOption = (word: string) => /^(length|chars|encrypt|seed|ident)=/.test(word)
  const options: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(
      words.filter(isOption).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    ),
    ...keywords,
  }
  for (const name of Object.keys(options))
    if (!['length', 'chars'].includes(name))
      throw new Fault('lookup', `lookup('password') has no '${name}'`, {
        hint:
          name === 'encrypt' || name === 'ident'
            ? "hash what it gives: lookup('password', FILE) | password_hash('sha512', SALT)"
            : 'it takes a file, length= and chars=',
      })
  const file = words.filter(word => !isOption(word)).join(' ')
  if (file === '')
    throw new Fault('lookup', "lookup('password') takes the name of a file", { hint: '/dev/null keeps nothing' })
  return {
    file,
    length: lengthOf(options['length'] ?? 20),
    alphabet: alphabetOf(options['chars'] ?? 'ascii_letters,digits'),
  }
}

const lengthOf = (given: unknown): number => {
  const length = typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given)
  if (Number.isInteger(length) && length >= 1 && length <= 4096) return length
  throw new Fault('lookup', `the length of a password is a whole number from 1 to 4096, not '${String(given)}'`)
}

// Two commas are a comma, as in Ansible.
const alphabetOf = (given: unknown): readonly string[] => {
  const names = Array.isArray(given)
    ? given.map(String)
    : [...String(given).replaceAll(',,', ',\0,').split(',')]
        .filter(name => name !== '')
        .map(name => (name === '\0' ? ',' : name))
  const letters = [...new Set(names.flatMap(name => [...(alphabets[name] ?? name)]))]
  if (letters.length >= 1 && letters.length <= 256) return letters
  throw new Fault(
    'lookup',
    letters.length === 0
      ? 'chars of a password names no character'
      : 'chars of a password names more than 256 characters',
    { hint: `a list of characters, or of ${Object.keys(alphabets).join(', ')}` },
  )
}

const readPassword = (path: string): string | undefined => {
  let text: string | undefined
  try {
    text = keptPassword(path)
  } catch (error) {
    throw new Fault('lookup', `cannot read the password file ${path}: ${reasonOf(error)}`)
  }
  if (text === undefined) return undefined
  // Ansible writes the salt behind the password.
  const password = (text.split('\n')[0] ?? '').replace(/\r$/, '').replace(/ salt=\S+( ident=\S+)?$/, '')
  if (password !== '') return password
  throw new Fault('lookup', `the password file ${path} is empty`, {
    hint: 'write the password into it, or remove it: then a new one is made',
  })
}

const keep = (path: string, password: string, { random }: LookupContext): boolean => {
  try {
    return keepFile(path, `${password}\n`, Buffer.from(random(6)).toString('hex'))
  } catch (error) {
    throw new Fault('lookup', `cannot keep the password in ${path}: ${reasonOf(error)}`, {
      hint: 'nothing was kept; give a file in a folder that can be written to',
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file would be too large',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOENT: 'its folder cannot be made',
  EEXIST: 'a part of the path is no folder',
  ENAMETOOLONG: 'the name is too long',
}

const reasonOf = (error: unknown): string => {
  const { code = '', message } = error as NodeJS.ErrnoException
  return reasons[code] ?? message
}

const pick = (alphabet: readonly string[], length: number, random: (bytes: number) => Uint8Array): string => {
  const limit = 256 - (256 % alphabet.length) // bytes above it would favour the first letters
  const made: string[] = []
  while (made.length < length)
    for (const byte of random(length))
      if (byte < limit && made.length < length) made.push(alphabet[byte % alphabet.length] ?? '')
  return made.join('')
}
