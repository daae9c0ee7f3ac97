import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Fault } from '../model/fault.ts'
import type { Lookups } from '../schedule/template/template.ts'
import { pipe } from '../shell/pipe.ts'
import type { Secrets } from '../text/redact.ts'

export interface LookupContext {
  readonly folders: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly random: (bytes: number) => Uint8Array
  readonly check: boolean
  readonly secrets: Secrets
  /** Passwords made in this run, by file: a dry run shows the same one twice and writes none. */
  readonly made: Map<string, string>
}

/** `lookup(...)` on the controller: env, file, password, pipe. */
export function lookups(context: LookupContext): Lookups {
  return (name, args, kwargs) => {
    const term = String(args[0] ?? '')
    switch (name) {
      case 'env':
        return context.env[term] ?? kwargs['default'] ?? ''
      case 'file':
        return readFirst(term, context).replace(/\r?\n$/, '')
      case 'pipe':
        return pipe(term, { cwd: context.folders[0] ?? '.', env: context.env })
      case 'password':
        return password(args.map(String).join(' '), kwargs, context)
      default:
        throw new Fault('lookup', `there is no lookup '${name}'`, { hint: 'these exist: env, file, password, pipe' })
    }
  }
}

const readFirst = (term: string, context: LookupContext): string => {
  const tried = context.folders.flatMap(folder => [resolve(folder, 'files', term), resolve(folder, term)])
  for (const path of tried) {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw new Fault('lookup', `cannot read ${path}: ${(error as Error).message}`)
    }
  }
  throw new Fault('lookup', `no file '${term}'`, { hint: `looked for ${tried.join(', ')}` })
}

const alphabets: Readonly<Record<string, string>> = {
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
}

// The file is made with 0600 and O_EXCL: two runs side by side cannot both believe that theirs is the password.
const password = (term: string, kwargs: Readonly<Record<string, unknown>>, context: LookupContext): string => {
  const words = term.split(/\s+/)
  const options = new Map(
    words.filter(word => /^(length|chars)=/.test(word)).map(word => word.split('=', 2) as [string, string]),
  )
  const file = words.filter(word => !/^(length|chars)=/.test(word)).join(' ')
  const path = resolve(context.folders.at(-1) ?? '.', file)
  const keep = (value: string) => {
    context.secrets.add(value)
    context.made.set(path, value)
    return value
  }
  const known = context.made.get(path)
  if (known !== undefined) return known
  try {
    return keep(readFileSync(path, 'utf8').split('\n')[0] ?? '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Fault('lookup', `cannot read the password file ${path}: ${(error as Error).message}`)
  }
  const length = Number(kwargs['length'] ?? options.get('length') ?? 20)
  const chosen = kwargs['chars'] ?? options.get('chars') ?? 'ascii_letters,digits'
  const names = Array.isArray(chosen) ? chosen.map(String) : String(chosen).split(',')
  const alphabet = [...new Set(names.map(name => alphabets[name] ?? name).join(''))]
  const value = keep(pick(alphabet, length, context.random))
  if (context.check || file === '/dev/null') return value
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${value}\n`, { mode: 0o600, flag: 'wx' })
  return value
}

const pick = (alphabet: readonly string[], length: number, random: (bytes: number) => Uint8Array): string => {
  const limit = 256 - (256 % alphabet.length) // bytes above it would favour the first letters
  let made = ''
  while (made.length < length)
    for (const byte of random(length))
      if (byte < limit && made.length < length) made += alphabet[byte % alphabet.length]
  return made
}
