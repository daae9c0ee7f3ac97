import { NotRendered, readSettings, unknownYet } from '../../check/role-settings.ts'
import { Fault } from '../../model/fault.ts'
import type { RoleCall, Task } from '../../model/playbook.ts'
import type { RoleOptions } from '../../model/role-spec.ts'
import { selected } from '../../schedule/tags.ts'
import { type Scope, TemplateError } from '../../template/template.ts'
import { ExactNumber } from '../../text/exact-number.ts'
import type { Secrets } from '../../text/redact.ts'
import { needIn } from '../../values/need.ts'
import { holds } from '../../values/render.ts'
import { taskOn } from '../resolve/expand.ts'
import type { HostPlay } from '../task/host-play.ts'
import { failure } from '../task/outcome.ts'
import { noteFailure, recordTask } from '../task/record.ts'
import type { TaskEnd } from '../task/task-end.ts'

/**
 * Checks a role's settings on a host when it comes to the role, as Ansible does: whatever tags were asked for, and only
 * where the role's `when` holds. Nothing is told of settings that are right.
 */
export async function validateRole(
  call: RoleCall,
  work: HostPlay,
  standing: { readonly rescued: boolean },
): Promise<TaskEnd> {
  const { context, facts } = work
  const { inherited, role } = call
  if (!selected([...inherited.tags, 'always'], context.tags, context.skipTags)) return { status: 'passed' }
  const scope = context.scopeOf({ role, inherited }, {})
  const message = await facts.meet(() => wrongIn(call, scope, context))
  if (message === undefined) return { status: 'passed' }
  const task = taskOf(call)
  const host = taskOn(task, context)
  const ignored = host.keywords.forgives
  const outcome = failure(message, { at: call.at })
  const ended = [{ outcome: ignored ? { ...outcome, status: 'ignored' as const } : outcome, ms: 0 }]
  recordTask(host, ended, { name: task.name, handler: false, rescued: standing.rescued, context })
  if (ignored) return { status: 'passed' }
  noteFailure(task, { name: task.name, result: outcome.result }, context.memory)
  return { status: 'failed', fatal: host.keywords.fatal }
}

const wrongIn = (call: RoleCall, scope: Scope, context: HostPlay['context']): string | undefined => {
  if (!applies(call, scope, context)) return undefined
  const read = (name: string): unknown => {
    try {
      return scope.get(name)
    } catch (error) {
      // A dry run does not know everything: what it cannot tell is no mistake.
      if (needIn(error)?.kind === 'result') return unknownYet
      if (error instanceof TemplateError || error instanceof Fault) return new NotRendered(error.message)
      throw error
    }
  }
  const { values, wrong } = readSettings(call, scope, { read, settable: () => false })
  registerSecrets(call.spec, values, context.secrets)
  return wrong.length === 0
    ? undefined
    : wrong.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`)).join('\n')
}

// A condition that cannot be read is told by the first task that has it.
const applies = ({ inherited }: RoleCall, scope: Scope, { template }: HostPlay['context']): boolean => {
  try {
    return holds(inherited.when, scope, template)
  } catch (error) {
    const need = needIn(error)
    if (need !== undefined && need.kind !== 'result') throw error
    return false
  }
}

const taskOf = ({ address, role, inherited, at, source }: RoleCall): Task => ({
  kind: 'task',
  address,
  name: `validating arguments of role ${role.name}`,
  named: true,
  type: 'validate_argument_spec',
  params: {},
  at,
  source,
  role,
  folder: role.path,
  inherited,
  listen: [],
})

/** Values of options that are `no_log` are secrets wherever they turn up. */
function registerSecrets(
  { options }: RoleOptions,
  values: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>,
  secrets: Secrets,
): void {
  const given = values instanceof Map ? Object.fromEntries(values) : (values as Readonly<Record<string, unknown>>)
  for (const [name, { noLog, inside, aliases }] of Object.entries(options))
    for (const one of [name, ...aliases]) {
      const value = given[one]
      if (noLog) addAll(value, secrets)
      else if (inside !== undefined)
        for (const map of [value].flat())
          if (map !== null && typeof map === 'object')
            registerSecrets(inside, map as Readonly<Record<string, unknown>>, secrets)
    }
}

const addAll = (value: unknown, secrets: Secrets): void => {
  if (typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber) secrets.add(String(value))
  else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) addAll(inner, secrets)
}
