import type { HostState } from '../state/host-state.ts'
import type { InnerRequest } from '../state/request.ts'

/** What a script can rely on (docs/exit-codes.md). A failure counts for more than a host that could not be reached. */
export function exitCode(hosts: readonly HostState[], request: InnerRequest, broken: boolean): number {
  if (request.signal.aborted) return 130
  if (hosts.some(memory => memory.bug)) return 1
  if (broken || hosts.some(memory => memory.lost === 'failed')) return 2
  if (hosts.some(memory => memory.lost === 'unreachable')) return 4
  const pending = request.check && hosts.some(memory => memory.counts.changed > 0 || memory.mayChange)
  return pending && request.detailedExitcode === true ? 5 : 0
}
