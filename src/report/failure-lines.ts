import type { Paint } from '../text/colour.ts'
import { showAt } from '../text/position.ts'
import { visibleLine, visibleLines } from '../text/visible.ts'
import { duration } from './duration.ts'
import { withoutHost } from './host-placeholder.ts'
import { compactHosts } from './host-ranges.ts'
import type { RunDigest, Trouble } from './run-digest.ts'

const LINES_SHOWN = 3
// Of the hosts that need care, every name counts; but nobody reads a thousand.
const RANGES_SHOWN = 40

/** The failures once more, by kind, with place and hosts; hosts that were not reached, by reason; and who was slowest. */
export function troubleLines(digest: RunDigest, paint: Paint): readonly string[] {
  const of = (status: Trouble['event']['status']) => digest.troubles.filter(({ event }) => event.status === status)
  const failed = of('failed')
  const unreachable = of('unreachable')
  const others = digest.others.length === 0 ? [] : [`  and ${hostsText(digest.others)}, each in its own words`]
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint('bold', title), ...lines, '']
  return [
    ...section('FAILED', [...failed.flatMap(trouble => lines(trouble, paint)), ...others]),
    ...section(
      'NOT REACHED',
      unreachable.flatMap(trouble => lines(trouble, paint)),
    ),
    ...(digest.slowest.length === 0
      ? []
      : [`slowest: ${digest.slowest.map(({ host, ms }) => `${visibleLine(host)} ${duration(ms)}`).join(', ')}`, '']),
  ]
}

function lines({ event: told, hosts }: Trouble, paint: Paint): readonly string[] {
  const distinct = new Set(hosts)
  const event = distinct.size === 1 ? told : ofAll(told, hosts[0] ?? '')
  const message = visibleLines(event.message ?? '')
  const [first = event.status, ...more] = message
  const task = event.status === 'failed' ? `${visibleLine(event.task)}: ` : ''
  const shown = more.length <= LINES_SHOWN ? more : [...more.slice(0, LINES_SHOWN), '...']
  const at = event.at === undefined ? [] : [paint('dim', `at ${visibleLine(showAt(event.at))}`)]
  return [
    `  ${paint('red', `${task}${first}`)}`,
    ...[...shown, ...lastOutput(event), ...at, `on ${hostsText(hosts)}`].map(line => `    ${line}`),
  ]
}

// What is said of many hosts must not bear the name of one.
const ofAll = (event: Trouble['event'], host: string): Trouble['event'] => {
  const text = (its: string | undefined) => (its === undefined ? undefined : withoutHost(its, host))
  return { ...event, message: text(event.message), stdout: text(event.stdout), stderr: text(event.stderr) }
}

/** The end of what the command printed: on stderr, or where that is empty on stdout. */
const lastOutput = ({ status, stderr = '', stdout = '' }: Trouble['event']): readonly string[] => {
  if (status !== 'failed') return []
  const said = visibleLines(stderr)
  return (said.length > 0 ? said : visibleLines(stdout)).slice(-LINES_SHOWN).map(line => `| ${line}`)
}

const hostsText = (hosts: readonly string[]): string => {
  const distinct = [...new Set(hosts.map(visibleLine))]
  const names = compactHosts(distinct, RANGES_SHOWN)
  return distinct.length === 1 ? names : `${names} (${distinct.length} hosts)`
}
