import type { Event } from '../../model/event.ts'
import { Fault } from '../../model/fault.ts'
import type { Secrets } from '../../text/redact.ts'
import type { RunRequest } from '../state/request.ts'

/** The request with the one border through which text leaves a run: events, questions and errors are masked here. */
export const guarded = (request: RunRequest, secrets: Secrets): RunRequest => ({
  ...request,
  emit: event => request.emit(masked(event, secrets)),
  ask: (what, prompt) => request.ask(what, secrets.mask(prompt)),
})

// Hosts go by their names in the inventory, which a password may happen to spell: `-l @failed` needs them as they are.
const masked = (event: Event, secrets: Secrets): Event => {
  const told = secrets.maskDeep(event)
  if ('host' in event) return { ...told, host: event.host } as Event
  if (event.event === 'play') return { ...told, hosts: event.hosts } as Event
  if (event.event !== 'summary') return told
  const { hosts, untouched, stopped } = event
  return { ...told, hosts, ...(untouched && { untouched }), ...(stopped && { stopped }) } as Event
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
