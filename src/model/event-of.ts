import { inside } from './address.ts'
import type { Event, TaskEvent } from './event.ts'
import type { ItemPlace, ItemRecord, RunRecord, StepPlace } from './record.ts'

/** The event by which a record is told; nothing for those that only a journal keeps. */
export function eventOf(record: RunRecord): Event | undefined {
  switch (record.record) {
    case 'run':
    case 'warning':
    case 'interrupted':
    case 'summary': {
      const { record: event, ...told } = record
      return { event, ...told } as Event
    }
    case 'play': {
      const { play, hosts, batch } = record
      return { event: 'play', play: play.name, hosts, ...(batch === undefined ? {} : { batch }) }
    }
    case 'started':
      return { event: 'start', ...stepOf(record.place), ...typeOf(record.place) }
    case 'item':
      return taskEvent(record)
    case 'retry': {
      const { place, attempt, attempts, delay, message } = record
      const told = message === undefined ? {} : { message }
      return { event: 'retry', ...stepOf(place), ...labelOf(place), attempt, attempts, delay, ...told }
    }
    case 'cancelled':
      return { event: 'cancelled', ...stepOf(record.place), confirmed: record.confirmed }
    case 'rollback': {
      const { place, undone, notUndone } = record
      const { play, host, step } = place
      return { event: 'rollback', play: play.name, host, undone, not_undone: notUndone, failed_task: step.name }
    }
    case 'handler': {
      const { play, host, handler, state } = record
      return state === 'ran' ? undefined : { event: 'notified', play: play.name, host, handler: handler.name, state }
    }
    case 'lost':
      return lossEvent(record)
    case 'planned':
    case 'changing':
    case 'changed':
    case 'verified':
      return undefined
  }
}

const stepOf = ({ play, host, step }: StepPlace) => ({ play: play.name, host, id: step.address, task: step.name })

const typeOf = ({ step }: StepPlace) => ({ type: step.type, ...(step.handler === true ? { handler: true } : {}) })

const labelOf = ({ item }: ItemPlace) => (item === undefined ? {} : { item: item.label })

function taskEvent(record: ItemRecord): TaskEvent {
  const { place, status, message, stdout, stderr, at, ms } = record
  const diff = record.changes.map(change => change.diff).join('')
  return {
    event: 'task',
    ...stepOf(place),
    type: place.step.type,
    status,
    ...labelOf(place),
    ...(place.step.handler === true ? { handler: true } : {}),
    changes: record.changes.map(({ diff: _, ...change }) => change),
    ...(diff === '' ? {} : { diff }),
    ...(message === undefined ? {} : { message }),
    ...(stdout === undefined || stdout === '' ? {} : { stdout }),
    ...(stderr === undefined || stderr === '' ? {} : { stderr }),
    ...(at === undefined ? {} : { at }),
    ms,
  }
}

// A host that failed has a task that says so.
function lossEvent({ play, host, how, message }: Extract<RunRecord, { record: 'lost' }>): TaskEvent | undefined {
  if (how === 'failed') return undefined
  const step = { address: inside(play.address, 'connection'), name: 'connection', type: 'connection' }
  const told = message === undefined ? {} : { message }
  return { event: 'task', ...stepOf({ play, host, step }), type: step.type, status: how, changes: [], ...told, ms: 0 }
}
