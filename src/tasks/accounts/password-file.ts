import { type HashScheme, hashPassword, passwordMatches, schemeOf, USUAL_ROUNDS } from '../../text/password-hash.ts'

export interface User {
  readonly name: string
  readonly password?: string
  readonly hash?: string
  readonly state?: 'present' | 'absent'
}

export interface Way {
  readonly scheme: HashScheme
  readonly rounds?: number | undefined
}

interface Editing extends Way {
  /** Users that are not listed go. */
  readonly exclusive: boolean
  readonly random: (bytes: number) => Uint8Array
}

const BOM = '\xef\xbb\xbf'

/**
 * A password file with these users in it, one character a byte on both sides. What is not about them stays to the byte:
 * comments, other encodings, a byte order mark, the ends of lines, a last line without one.
 */
export function edited(
  old: string,
  users: readonly User[],
  way: Editing,
): { readonly content: string; readonly did: readonly string[] } {
  const byName = new Map(users.map(one => [inBytes(one.name), one]))
  const did: string[] = []
  const done = new Set<string>()
  const hash = (one: User) => one.hash ?? hashPassword(one.password ?? '', way.scheme, way)
  const kept = linesOf(old).flatMap(line => {
    const { mark, name, field, end } = line
    const asItWas = [`${mark}${line.text}${end}`]
    if (name === undefined) return asItWas
    const wanted = byName.get(name)
    if (wanted === undefined ? way.exclusive : wanted.state === 'absent' || done.has(name)) {
      did.push(`remove user ${shown(name)}`)
      return mark === '' ? [] : [mark]
    }
    if (wanted === undefined) return asItWas
    done.add(name)
    if (fits(wanted, field, way)) return asItWas
    did.push(`set the password of ${wanted.name}`)
    return [`${mark}${name}:${hash(wanted)}${end}`]
  })
  const newLine = /\r\n/.test(/[^\n]*\n/.exec(old)?.[0] ?? '') ? '\r\n' : '\n'
  for (const one of users) {
    if (one.state === 'absent' || done.has(inBytes(one.name))) continue
    did.push(`add user ${one.name}`)
    const last = kept.at(-1)
    if (last !== undefined && !last.endsWith('\n') && last !== BOM) kept.push(newLine)
    kept.push(`${inBytes(one.name)}:${hash(one)}${newLine}`)
  }
  return { content: kept.join(''), did }
}

interface Line {
  readonly mark: string
  readonly text: string
  readonly end: string
  /** Of whose password the line is. */
  readonly name?: string
  readonly field: string
}

const linesOf = (content: string): readonly Line[] =>
  [...content.matchAll(/[^\n]*\n|[^\n]+$/g)].map(([line], i) => {
    const mark = i === 0 && line.startsWith(BOM) ? BOM : ''
    const end = /\r?\n$/.exec(line)?.[0] ?? ''
    const text = line.slice(mark.length, line.length - end.length)
    const name = /^[^:# \t\r\n\v\f][^:]*(?=:)/.exec(text)?.[0]
    return { mark, text, end, ...(name === undefined ? {} : { name }), field: text.slice((name ?? '').length + 1) }
  })

const inBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
const shown = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

// A hash of another scheme or cost is made anew: whoever asks for a stronger one means the users that are there too.
const fits = (wanted: User, field: string, way: Way): boolean => {
  if (wanted.hash !== undefined) return field === wanted.hash
  const made = schemeOf(field)
  return (
    made?.scheme === way.scheme &&
    made.rounds === (way.rounds ?? USUAL_ROUNDS[way.scheme]) &&
    passwordMatches(wanted.password ?? '', field)
  )
}

/** The file for a person to see: who is in it, with the hashes left out; `mark` is set to those that were set anew. */
export const hidden = (content: string, did: readonly string[], mark: string): string =>
  linesOf(content)
    .map(({ text, name }) => {
      if (name === undefined) return `${shown(text)}\n`
      return `${shown(name)}:<hash${did.includes(`set the password of ${shown(name)}`) ? mark : ''}>\n`
    })
    .join('')
