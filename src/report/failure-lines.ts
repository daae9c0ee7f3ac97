import type { Paint } from '../text/colour.ts'
import { formatPosition } from '../text/position.ts'
import { visibleLine, visibleLines } from '../text/visible.ts'
import { duration } from './duration.ts'
import { withoutHost } from './host-placeholder.ts'
import { compactHosts } from './host-ranges.ts'
import type { FailureGroup, RunDigest } from './run-digest.ts'

const LINES_SHOWN = 3
// Many ranges, as someone has to look at each failed host.
const RANGES_SHOWN = 40

/** Lines before the recap of a large run: failures by cause, unreachable hosts by reason, and the slowest hosts. */
export function failureLines(digest: RunDigest, paint: Paint): readonly string[] {
  const of = (status: FailureGroup['event']['status']) => digest.failures.filter(({ event }) => event.status === status)
  const failed = of('failed')
  const unreachable = of('unreachable')
  const others = digest.ungrouped.length === 0 ? [] : [`  and ${hostsText(digest.ungrouped)}, with other messages`]
  const section = (title: string, groupLines: readonly string[]) =>
    groupLines.length === 0 ? [] : [paint('bold', title), ...groupLines, '']
  return [
    ...section('FAILED', [...failed.flatMap(trouble => lines(trouble, paint)), ...others]),
    ...section(
      'UNREACHABLE',
      unreachable.flatMap(trouble => lines(trouble, paint)),
    ),
    ...(digest.slowest.length === 0
      ? []
      : [`slowest: ${digest.slowest.map(({ host, ms }) => `${visibleLine(host)} ${duration(ms)}`).join(', ')}`, '']),
  ]
}

function lines({ event: told, hosts }: FailureGroup, paint: Paint): readonly string[] {
  const distinct = new Set(hosts)
  const event = distinct.size === 1 ? told : withoutHostName(told, hosts[0] ?? '')
  const message = visibleLines(event.message ?? '')
  const [first = event.status, ...more] = message
  const task = event.status === 'failed' ? `${visibleLine(event.task)}: ` : ''
  const shown = more.length <= LINES_SHOWN ? more : [...more.slice(0, LINES_SHOWN), '...']
  const at = event.at === undefined ? [] : [paint('dim', `at ${visibleLine(formatPosition(event.at))}`)]
  return [
    `  ${paint('red', `${task}${first}`)}`,
    ...[...shown, ...lastOutput(event), ...at, `on ${hostsText(hosts)}`].map(line => `    ${line}`),
  ]
}

// A text shown for several hosts must not contain the name of one of them.
const withoutHostName = (event: FailureGroup['event'], host: string): FailureGroup['event'] => {
  const text = (its: string | undefined) => (its === undefined ? undefined : withoutHost(its, host))
  return { ...event, message: text(event.message), stdout: text(event.stdout), stderr: text(event.stderr) }
}

/** The last lines of stderr, or of stdout when stderr is empty. */
const lastOutput = ({ status, stderr = '', stdout = '' }: FailureGroup['event']): readonly string[] => {
  if (status !== 'failed') return []
  const said = visibleLines(stderr)
  return (said.length > 0 ? said : visibleLines(stdout)).slice(-LINES_SHOWN).map(line => `| ${line}`)
}

const hostsText = (hosts: readonly string[]): string => {
  const distinct = [...new Set(hosts.map(visibleLine))]
  const names = compactHosts(distinct, RANGES_SHOWN)
  return distinct.length === 1 ? names : `${names} (${distinct.length} hosts)`
}
