import type { Outcome } from './outcome.ts'

/**
 * What Ansible's results of commands say of their time, by the clock of this machine: `start` and `end` as
 * `2026-11-25 13:10:44.561008`, `delta` as `0:00:00.004065`; and its word for an exit code.
 */
export const timed = (outcome: Outcome, began: Date, ended: Date): Outcome => ({
  ...outcome,
  result: {
    ...outcome.result,
    start: clock(began),
    end: clock(ended),
    delta: duration(ended.getTime() - began.getTime()),
    msg: outcome.status === 'failed' ? 'non-zero return code' : '',
  },
})

const two = (value: number): string => String(value).padStart(2, '0')
const micros = (ms: number): string => `${String(ms % 1000).padStart(3, '0')}000`

const clock = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${micros(time.getMilliseconds())}`

const duration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${micros(ms)}`
}
