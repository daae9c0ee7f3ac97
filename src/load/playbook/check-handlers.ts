import type { Step, Task } from '../../model/playbook.ts'
import { tasksIn } from '../../model/steps.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import type { LoadSession } from './loading.ts'

/** Every plain name under `notify` must be that of a handler, before a change has to wait for one that never comes. */
export function checkHandlers(steps: readonly Step[], handlers: readonly Task[], loading: LoadSession): void {
  const names = new Set(
    handlers.flatMap(handler => [
      handler.name,
      ...handler.listen,
      ...(handler.role === undefined ? [] : [`${handler.role.name} : ${handler.name}`]),
    ]),
  )
  // A handler whose name is a template has it on each host: a plain name may be one of them.
  const patterns = [...names].filter(name => /\{[{%]/.test(name)).map(patternOf)
  for (const step of tasksIn(steps))
    step.inherited.notify.forEach((wanted, i) => {
      if (typeof wanted !== 'string' || /\{[{%]/.test(wanted) || names.has(wanted)) return
      if (patterns.some(pattern => pattern.test(wanted))) return
      loading.fault('handler', `there is no handler '${wanted}'${didYouMean(wanted, [...names])}`, {
        at: loading.places(step.source)(step.inherited.notify.length > 1 ? ['notify', i] : ['notify']),
        hint: names.size === 0 ? 'this play has no handlers' : `the handlers here: ${[...names].join(', ')}`,
      })
    })
}

const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template
      .split(/\{\{.*?\}\}|\{%.*?%\}/s)
      .map(text => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  )
