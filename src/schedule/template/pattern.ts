import { show, truthy } from './values.ts'

const LONGEST = 1000

/** A user's regular expression, Python's spelling turned into JavaScript's. Bounded, since it runs on our event loop. */
export function pattern(
  source: unknown,
  flags: { readonly ignorecase?: unknown; readonly multiline?: unknown; readonly all?: unknown },
): RegExp {
  const text = show(source)
  if (text.length > LONGEST) throw new RangeError(`a regular expression may have ${LONGEST} characters`)
  let own = ''
  const bare = text
    .replace(/^\(\?([aimsux]+)\)/, (_, letters: string) => {
      own = letters.replace(/[^ims]/g, '')
      return ''
    })
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$')
  const wanted = new Set([
    ...own,
    ...(truthy(flags.ignorecase ?? false) ? 'i' : ''),
    ...(truthy(flags.multiline ?? false) ? 'm' : ''),
    ...(truthy(flags.all ?? false) ? 'g' : ''),
  ])
  return new RegExp(bare, [...wanted].join(''))
}
