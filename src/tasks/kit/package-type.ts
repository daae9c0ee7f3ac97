import type { ParamsSchema, PlanParams, ProbeParams, StateOf } from '../../model/params.ts'
import type { Resource } from '../../model/resource.ts'
import { type AnyTaskType, type Plan, type StateSchema, type TaskType, taskType } from '../../model/task-type.ts'
import type { Script } from '../../text/sh.ts'

/** A package that a task names, and how the host has it. */
export interface Package {
  readonly name: string
  /** As it is asked for, with a version perhaps: `nginx=1.22.*`. */
  readonly asked: string
  /** For the diff: its version, or what is wrong with it; null where it is not there. */
  readonly is: string | null
  /** What an installation leads to. */
  readonly becomes: string
  /** Something is to be installed, where it is to be there. */
  readonly lacking: boolean
  /** It is there, but not whole. */
  readonly broken?: boolean
  /** Something is to be removed, where it is not to be there. */
  readonly removable: boolean
}

/** What a look comes to: the packages that the task names, and whether the lists of packages are to be fetched in any case. */
export type Judgement =
  | { readonly packages: readonly Package[]; readonly refresh?: boolean }
  | { readonly problem: string }

/** Params of types that install packages, beside `name` and their own. */
export const packageState = { enum: ['present', 'latest', 'absent'], default: 'present' } as const

type Words = Pick<AnyTaskType, 'summary' | 'example' | 'ansible' | 'instead'>

/**
 * A task type for one manager of packages. Its params hold `name` and `state`; it says how the host has each package,
 * and how some are installed or removed in one transaction.
 */
export function packageType<const PS extends ParamsSchema, const SS extends StateSchema>(
  type: Words & {
    readonly name: string
    readonly params: PS
    readonly state: SS
    readonly probe: (params: ProbeParams<PS>) => Script
    readonly judge: (params: PlanParams<PS>, found: StateOf<SS>) => Judgement
    readonly install: (params: PlanParams<PS>, packages: readonly Package[], found: StateOf<SS>) => Script
    readonly remove: (
      params: PlanParams<PS>,
      packages: readonly Package[],
    ) => { readonly verb?: string; readonly sh: Script }
  },
): TaskType {
  const { judge, install, remove, ...literal } = type
  return taskType({
    ...literal,
    shorthand: 'name',
    requires: ['root'],
    plan: (params: PlanParams<PS> & { readonly state: string }, found: StateOf<SS>): Plan => {
      const judged = judge(params, found)
      if ('problem' in judged) return { changes: [], problem: judged.problem }
      const { packages, refresh = false } = judged
      const absent = params.state === 'absent'
      const list = packages.filter(one => (absent ? one.removable : one.lacking))
      if (list.length === 0 && (absent || !refresh)) return { changes: [] }
      const before = Object.fromEntries(list.map(one => [one.name, one.is]))
      const path = 'packages'
      if (absent) {
        const { verb = 'remove', sh } = remove(params, list)
        const what = `${verb} ${list.map(({ name }) => name).join(', ')}`
        const after = Object.fromEntries(list.map(({ name }) => [name, null]))
        return { changes: [{ what, before, after, path, provides: [], sh }] }
      }
      const what = list.length === 0 ? 'refresh the package lists' : `install ${list.map(one => one.asked).join(', ')}`
      const after = Object.fromEntries(list.map(one => [one.name, one.becomes]))
      const sh = install(params, list, found)
      return { changes: [{ what, before, after, path, provides: broughtBy(list), sh }] }
    },
  } as never) as unknown as TaskType
}

// The files and scripts of a package may bring much.
const broughtBy = (packages: readonly Package[]): readonly Resource[] => [
  ...packages.map(({ name }) => ({ kind: 'package', name }) as const),
  ...(['path', 'user', 'group', 'service', 'program'] as const).map(kind => ({ kind })),
]
