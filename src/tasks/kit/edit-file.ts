import type { ParamsSchema, PlanParams } from '../../model/params.ts'
import { expects } from '../../model/resource.ts'
import { type AnyTaskType, type Plan, type PlanContext, type TaskType, taskType } from '../../model/task-type.ts'
import { fromBytes, toBytes } from '../../text/host-text.ts'
import { attributeParams } from './attributes.ts'
import { fileParams } from './file-params.ts'
import { pathParam, plainPath } from './host-path.ts'
import { pathResults } from './path-results.ts'
import { type FoundFile, fileState, planFile, readFile, type WantedFile } from './write-file.ts'

/** What an edit comes to. */
export interface Edited {
  /** The whole new text; undefined where there need be no file. */
  readonly text: string | undefined
  /** What was done, in the imperative: `replace line 3`. */
  readonly did: readonly string[]
  /** How the two sides look in a diff, where the text itself is not to be seen. */
  readonly shown?: { readonly before: string | null; readonly after: string }
  /** Mode of a new file, if none is asked for. */
  readonly mode?: string
}

export type Edit<P> = (
  old: string | undefined,
  params: P,
  context: PlanContext,
) => Edited | { readonly problem: string }

/** Params of types that edit a file, beside their own. */
export const editParams = {
  path: pathParam('the file, an absolute path; ~ is the home of the account there'),
  ...attributeParams,
  backup: fileParams.backup,
  validate: fileParams.validate,
} as const

interface EditParams extends Omit<WantedFile, 'dest'> {
  readonly path: string
  readonly create?: boolean
}

type Words = Pick<AnyTaskType, 'summary' | 'example' | 'ansible' | 'instead' | 'secrets' | 'check'>

/**
 * A task type that edits a text file by a pure function from its old text to its new one. Its params hold those of
 * `editParams`. With `bytes`, the texts have one character a byte; otherwise bytes that are no UTF-8 stay as they are.
 */
export function editFileType<const PS extends ParamsSchema>(
  type: Words & {
    readonly name: string
    readonly params: PS
    readonly bytes?: true
    readonly edit: Edit<PlanParams<PS>>
  },
): TaskType {
  const { edit, bytes, ...literal } = type
  const read = bytes === true ? (text: string) => text : fromBytes
  const write = bytes === true ? (text: string) => Buffer.from(text, 'latin1') : toBytes
  return taskType({
    ...literal,
    state: { type: 'object', properties: fileState },
    probe: (params: EditParams) => readFile({ ...params, dest: params.path }),
    plan: (params: PlanParams<PS> & EditParams, found: FoundFile, context: PlanContext): Plan => {
      const { path } = params
      const missing = found.kind === 'absent' && params.create === false
      if (missing && expects(context.expected, 'path', plainPath(path)))
        return { changes: [], unknown: `would edit ${path} once it is there` }
      const problem = missing ? `${path} does not exist: create: true makes it` : uneditable(path, found)
      if (problem !== undefined) return { changes: [], problem }
      const old = found.kind === 'file' ? read(found.content ?? '') : undefined
      const edited = edit(old, params, context)
      if ('problem' in edited) return { changes: [], problem: edited.problem }
      const { text, did, shown, mode } = edited
      if (text === undefined) return { changes: [] }
      const wanted = { ...params, dest: path, mode: params.mode ?? (old === undefined ? mode : undefined) }
      const what = `${did.length > 0 ? did.join(', ') : 'create an empty file'} in ${path}`
      return planFile(wanted, found, { expected: context.expected, bytes: write(text), what, shown })
    },
    results: ({ path }: EditParams, found: FoundFile) => ({ path: plainPath(path), ...pathResults(found) }),
  } as never) as unknown as TaskType
}

const uneditable = (path: string, { kind, content, unreadable }: FoundFile): string | undefined =>
  kind === 'file' && content === undefined && unreadable !== true ? `${path} is too big to be edited` : undefined
