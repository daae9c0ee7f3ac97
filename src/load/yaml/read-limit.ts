import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import { closestName } from '../../text/did-you-mean.ts'

export interface LimitOptions {
  readonly cwd: string
  /** Words after `@` that stand for patterns and are no files. */
  readonly named?: Readonly<Record<string, () => readonly string[]>>
}

/**
 * A limit as one host pattern: `@file` stands for the patterns in a file, one in a line. A file without any is a fault:
 * to Ansible it means no limit at all, so that an empty list of hosts to repair becomes every host.
 */
export function readLimit(limit: string, options: LimitOptions): string {
  return limit
    .split(/,(?![^[]*\])/)
    .flatMap(part => {
      const trimmed = part.trim()
      return trimmed.startsWith('@') ? patternsOf(trimmed.slice(1), options) : [trimmed]
    })
    .filter(part => part !== '')
    .join(',')
}

const patternsOf = (name: string, { cwd, named = {} }: LimitOptions): readonly string[] => {
  const known = Object.hasOwn(named, name) ? named[name] : undefined
  const patterns = known === undefined ? linesOf(name, { cwd, named }) : known()
  if (patterns.length > 0) return patterns
  throw new Fault('limit', `-l @${name} names no host`, { hint: 'leave -l out to take all hosts of the play' })
}

const linesOf = (name: string, { cwd, named = {} }: LimitOptions): readonly string[] => {
  try {
    return readFileSync(resolve(cwd, name), 'utf8')
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#'))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const meant = closestName(name, Object.keys(named))
    throw new Fault(
      'limit',
      `cannot read the limit's file '${name}': ${code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
      {
        hint: meant === undefined ? 'after -l @ comes a file with one pattern in a line' : `did you mean @${meant}?`,
        cause: error,
      },
    )
  }
}
