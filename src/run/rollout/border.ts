import { eventOf } from '../../model/event-of.ts'
import { Fault } from '../../model/fault.ts'
import type { Recorder, RunRecord } from '../../model/record.ts'
import type { Secrets } from '../../text/redact.ts'
import type { InnerRequest, RunRequest } from '../state/request.ts'

/**
 * The one border through which text leaves a run: records, the events made from them, questions and errors are masked
 * here. Whoever listens must not end the run: what a listener throws is told as a warning, once, and `broken` says so.
 */
export function border(
  request: RunRequest,
  secrets: Secrets,
): { readonly request: InnerRequest; readonly broken: () => boolean } {
  const { emit, record: keep, ask, ...rest } = request
  const deliver = (record: RunRecord): void => {
    const told = masked(record, secrets)
    keep?.(told)
    const event = eventOf(told)
    if (event !== undefined) emit(event)
  }
  let broken = false
  const record: Recorder = one => {
    const error = attempt(() => deliver(one))
    if (error === undefined || broken) return
    broken = true
    const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const what = `the report failed at a '${eventOf(one)?.event ?? one.record}' event${about(one)}`
    attempt(() => deliver({ record: 'warning', message: `${what}: ${told}` }))
  }
  return {
    request: {
      ...rest,
      record,
      ...(keep === undefined ? {} : { journal: record }),
      ask: (what, prompt) => ask(what, secrets.mask(prompt)),
    },
    broken: () => broken,
  }
}

const attempt = (action: () => void): unknown => {
  try {
    action()
    return undefined
  } catch (error) {
    return error ?? new Error('nothing was said')
  }
}

const hostOf = (record: RunRecord): string | undefined =>
  'place' in record ? record.place.host : 'host' in record ? record.host : undefined

const about = (record: RunRecord): string => {
  const host = hostOf(record)
  return host === undefined ? '' : ` of ${host}`
}

// Hosts go by their names in the inventory, which a password may happen to spell: `-l @failed` needs them as they are.
const masked = (record: RunRecord, secrets: Secrets): RunRecord => {
  const told = secrets.maskDeep(record)
  if ('place' in record && 'place' in told)
    return { ...told, place: { ...told.place, host: record.place.host } } as RunRecord
  if ('host' in record) return { ...told, host: record.host } as RunRecord
  if (record.record === 'play') return { ...told, hosts: record.hosts } as RunRecord
  if (record.record !== 'summary') return told
  const { hosts, untouched, stopped } = record
  return { ...told, hosts, ...(untouched && { untouched }), ...(stopped && { stopped }) } as RunRecord
}

/** An error that leaves the run, with what is secret masked: message, hint, code frame and stack. */
export function withoutSecrets(error: unknown, secrets: Secrets): unknown {
  if (error instanceof Fault) {
    const clean = ({ code, message, at, hint, frame }: Fault) =>
      new Fault(code, secrets.mask(message), {
        ...(at === undefined ? {} : { at }),
        ...(hint === undefined ? {} : { hint: secrets.mask(hint) }),
        ...(frame === undefined ? {} : { frame: secrets.mask(frame) }),
      })
    return error.all.length === 1 ? clean(error) : Fault.of(error.all.map(clean))
  }
  if (error instanceof Error) {
    error.message = secrets.mask(error.message)
    if (error.stack !== undefined) error.stack = secrets.mask(error.stack)
  }
  return error
}
