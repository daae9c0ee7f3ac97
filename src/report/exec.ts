import type { Event, TaskEvent } from '../model/event.ts'
import { type Paint, paintWith } from '../text/colour.ts'
import { visibleLine, visibleLines } from '../text/visible.ts'
import { duration, plural } from './duration.ts'
import { FleetLines } from './fleet-lines.ts'
import { compactHosts } from './host-ranges.ts'
import type { Report, ReportOptions } from './report.ts'

interface Group {
  readonly event: TaskEvent
  readonly hosts: string[]
}

const BEAT_MS = 1000
const RANGES_SHOWN = 40

/** What one command said on many hosts: each distinct answer once, with the hosts that gave it; what went wrong comes last. */
export function answersReport(options: ReportOptions): Report {
  const paint = paintWith(options.colour)
  const groups = new Map<string, Group>()
  const cut: string[] = []
  let waiting: FleetLines | undefined
  const say = (lines: readonly string[]) => {
    if (lines.length > 0) options.write(`${lines.join('\n')}\n`)
  }
  const beat = setInterval(() => say(waiting?.heartbeat() ?? []), BEAT_MS).unref()
  return {
    on: event => {
      waiting?.tally.on(event)
      if (event.event === 'play') {
        const look = { colour: options.colour, diff: false, verbosity: 0, check: false, width: 0 }
        waiting = new FleetLines(event, { look, now: Date.now, brief: false })
      } else if (event.event === 'task') keep(groups, event)
      else if (event.event === 'cancelled')
        cut.push(event.confirmed ? event.host : `${event.host} (it may still run there)`)
      else if (event.event === 'warning') say([`${paint('yellow', 'warning:')} ${visibleLine(event.message)}`])
      else if (event.event === 'interrupted')
        say([paint('yellow', event.grace > 0 ? 'interrupted: Ctrl-C again ends it at once' : 'ending it now')])
      else if (event.event === 'summary') {
        clearInterval(beat)
        say([...linesOf([...groups.values()], paint), ...cut.map(host => `interrupted: ${visibleLine(host)}`)])
        say([lastLine([...groups.values()], event)])
      }
    },
    close: async () => clearInterval(beat),
  }
}

const well = ({ event: { status } }: Group): boolean => status === 'ok' || status === 'changed'

function keep(groups: Map<string, Group>, event: TaskEvent): void {
  const { status, stdout = '', stderr = '', message = '' } = event
  const key = JSON.stringify([status, stdout, stderr, message])
  const known = groups.get(key)
  if (known === undefined) groups.set(key, { event, hosts: [event.host] })
  else known.hosts.push(event.host)
}

// The most frequent answer first: what differs from it is what one looks for.
function linesOf(groups: readonly Group[], paint: Paint): readonly string[] {
  const sorted = groups.toSorted(
    (one, other) => Number(well(other)) - Number(well(one)) || other.hosts.length - one.hosts.length,
  )
  return sorted.flatMap((group, i) => {
    const { event, hosts } = group
    const names = compactHosts(hosts.map(visibleLine), RANGES_SHOWN)
    const many = hosts.length > 1 ? ` (${hosts.length} hosts)` : ''
    const wrong = well(group) ? '' : `: ${visibleLine(event.message ?? event.status)}`
    const said = visibleLines(event.stdout ?? '')
    const complaints = visibleLines(event.stderr ?? '').map(line => `${paint('dim', 'stderr:')} ${line}`)
    return [
      ...(i === 0 ? [] : ['']),
      paint(well(group) ? 'bold' : 'red', `${names}${many}${wrong}`),
      ...[...said, ...complaints].map(line => `  ${line}`),
    ]
  })
}

function lastLine(groups: readonly Group[], { ms }: Extract<Event, { readonly event: 'summary' }>): string {
  const count = (is: (group: Group) => boolean) =>
    groups.filter(is).reduce((sum, { hosts }) => sum + new Set(hosts).size, 0)
  const failed = count(({ event }) => event.status === 'failed')
  const lost = count(({ event }) => event.status === 'unreachable')
  const words = [
    `${plural(count(well), 'host')} answered`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(lost > 0 ? [`${lost} not reached`] : []),
  ]
  return `\n${words.join(', ')} (${duration(ms)})`
}
