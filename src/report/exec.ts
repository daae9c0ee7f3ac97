import type { Event, TaskEvent } from '../model/event.ts'
import { type Paint, paintWith } from '../text/colour.ts'
import { visibleLine, visibleLines } from '../text/visible.ts'
import { duration, plural } from './duration.ts'
import { FleetLines } from './fleet-lines.ts'
import { compactHosts } from './host-ranges.ts'
import type { Report, ReportOptions } from './report.ts'

interface AnswerGroup {
  readonly event: TaskEvent
  readonly hosts: string[]
}

const BEAT_MS = 1000
const RANGES_SHOWN = 40

/** Report of `mlplay exec`: each distinct output once, with the hosts that printed it; failures come last. */
export function execReport(options: ReportOptions): Report {
  const paint = paintWith(options.colour)
  const groups = new Map<string, AnswerGroup>()
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
      } else if (event.event === 'task') addAnswer(groups, event)
      else if (event.event === 'cancelled')
        cut.push(event.confirmed ? event.host : `${event.host} (it may still run there)`)
      else if (event.event === 'warning') say([`${paint('yellow', 'warning:')} ${visibleLine(event.message)}`])
      else if (event.event === 'interrupted')
        say([
          paint(
            'yellow',
            event.grace > 0 ? 'interrupted: Ctrl-C again kills what is running' : 'killing what is running',
          ),
        ])
      else if (event.event === 'summary') {
        clearInterval(beat)
        say([...linesOf([...groups.values()], paint), ...cut.map(host => `interrupted: ${visibleLine(host)}`)])
        say([lastLine([...groups.values()], event)])
      }
    },
    close: async () => clearInterval(beat),
  }
}

const succeeded = ({ event: { status } }: AnswerGroup): boolean => status === 'ok' || status === 'changed'

function addAnswer(groups: Map<string, AnswerGroup>, event: TaskEvent): void {
  const { status, stdout = '', stderr = '', message = '' } = event
  const key = JSON.stringify([status, stdout, stderr, message])
  const known = groups.get(key)
  if (known === undefined) groups.set(key, { event, hosts: [event.host] })
  else known.hosts.push(event.host)
}

// The most frequent output first, so that the ones that differ from it stand out.
function linesOf(groups: readonly AnswerGroup[], paint: Paint): readonly string[] {
  const sorted = groups.toSorted(
    (one, other) => Number(succeeded(other)) - Number(succeeded(one)) || other.hosts.length - one.hosts.length,
  )
  return sorted.flatMap((group, i) => {
    const { event, hosts } = group
    const names = compactHosts(hosts.map(visibleLine), RANGES_SHOWN)
    const many = hosts.length > 1 ? ` (${hosts.length} hosts)` : ''
    const wrong = succeeded(group) ? '' : `: ${visibleLine(event.message ?? event.status)}`
    const said = visibleLines(event.stdout ?? '')
    const complaints = visibleLines(event.stderr ?? '').map(line => `${paint('dim', 'stderr:')} ${line}`)
    return [
      ...(i === 0 ? [] : ['']),
      paint(succeeded(group) ? 'bold' : 'red', `${names}${many}${wrong}`),
      ...[...said, ...complaints].map(line => `  ${line}`),
    ]
  })
}

function lastLine(groups: readonly AnswerGroup[], { ms }: Extract<Event, { readonly event: 'summary' }>): string {
  const count = (is: (group: AnswerGroup) => boolean) =>
    groups.filter(is).reduce((sum, { hosts }) => sum + new Set(hosts).size, 0)
  const failed = count(({ event }) => event.status === 'failed')
  const unreachable = count(({ event }) => event.status === 'unreachable')
  const words = [
    `${plural(count(succeeded), 'host')} answered`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreachable > 0 ? [`${unreachable} unreachable`] : []),
  ]
  return `\n${words.join(', ')} (${duration(ms)})`
}
