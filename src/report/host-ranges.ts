interface Run {
  readonly before: string
  readonly digits: string
  readonly after: string
  readonly key: string
}
interface Series {
  readonly before: string
  readonly after: string
  readonly numbers: Map<number, string>
}
export interface HostRange {
  /** `web[01:17]`, or a lone name. */
  readonly text: string
  readonly hosts: number
}

// Numbers with more digits are not exact in JavaScript.
const MOST_DIGITS = 15
// A range of two is harder to read than `web1, web2`.
const SHORTEST = 3

/** Compresses names into inventory ranges: `web1 web2 web3 db` becomes `web[1:3] db`. */
export function hostRanges(names: readonly string[]): readonly HostRange[] {
  const runs = new Map(names.map(name => [name, runsOf(name)]))
  const padded = new Set<string>()
  const known = new Map<string, number>()
  for (const own of runs.values())
    for (const run of own) {
      if (run.digits.length > 1 && run.digits.startsWith('0')) padded.add(widthKey(run))
      known.set(run.key, (known.get(run.key) ?? 0) + 1)
    }
  const series = new Map<string, Series | string>()
  for (const [name, own] of runs) {
    // When a name holds several numbers, the range runs over the one that differs most among the names.
    const best = own.reduce<Run | undefined>(
      (one, other) => (one === undefined || (known.get(other.key) ?? 0) > (known.get(one.key) ?? 0) ? other : one),
      undefined,
    )
    if (best === undefined) {
      series.set(`name ${name}`, name)
      continue
    }
    // 10 can follow 09 or 9: use whichever width the other names have.
    const key = padded.has(widthKey(best)) ? widthKey(best) : best.key
    const found = series.get(key)
    const into = typeof found === 'object' ? found : { before: best.before, after: best.after, numbers: new Map() }
    into.numbers.set(Number(best.digits), best.digits)
    series.set(key, into)
  }
  return [...series.values()].flatMap(one => (typeof one === 'string' ? [{ text: one, hosts: 1 }] : rangesOf(one)))
}

const runsOf = (name: string): readonly Run[] =>
  [...name.matchAll(/\d+/g)].flatMap(({ 0: digits, index }) => {
    if (digits.length > MOST_DIGITS) return []
    const before = name.slice(0, index)
    const after = name.slice(index + digits.length)
    return [{ before, digits, after, key: `${before}\0${after}` }]
  })

const widthKey = ({ key, digits }: Run): string => `${key}\0${digits.length}`

const rangesOf = ({ before, after, numbers }: Series): readonly HostRange[] => {
  const found: HostRange[] = []
  const sorted = [...numbers.keys()].sort((a, b) => a - b)
  let first = 0
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === (sorted[i - 1] ?? 0) + 1) continue
    const part = sorted.slice(first, i).map(number => numbers.get(number) ?? '')
    first = i
    if (part.length >= SHORTEST)
      found.push({ text: `${before}[${part[0]}:${part.at(-1)}]${after}`, hosts: part.length })
    else for (const digits of part) found.push({ text: before + digits + after, hosts: 1 })
  }
  return found
}

/** The first `limit` ranges, and the number of hosts in the others. */
export function compactHosts(names: readonly string[], limit: number): string {
  const ranges = hostRanges(names)
  const shown = ranges.length <= limit + 1 ? ranges : ranges.slice(0, limit)
  const rest = names.length - shown.reduce((all, range) => all + range.hosts, 0)
  const text = shown.map(range => range.text).join(', ')
  return shown.length === ranges.length ? text : `${text} and ${rest} more`
}
