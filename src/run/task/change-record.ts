import type { Change, Side } from '../../model/change.ts'
import type { ChangeRecord } from '../../model/record.ts'
import type { Secrets } from '../../text/redact.ts'
import { unifiedDiff } from '../../text/unified-diff.ts'

export interface ChangeDisplayOptions {
  /** `diff:` of the task; undefined where it says nothing. */
  readonly diff: boolean | undefined
  readonly secrets: Secrets
}

/**
 * What may be told of a change, with its diff. The sides may be anything that a task type came up with: what cannot be
 * shown does not undo the task.
 */
export function changeRecord(change: Change, showing: ChangeDisplayOptions): ChangeRecord {
  try {
    return shown(change, showing)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const { what, path } = change
    const diff = `(the difference cannot be shown: ${why})\n`
    return { what, before: null, after: null, ...(path === undefined ? {} : { path }), diff }
  }
}

function shown(change: Change, showing: ChangeDisplayOptions): ChangeRecord {
  const { what, path } = change
  const why = whyHidden(change, showing)
  const named = path === undefined ? {} : { path }
  if (why === undefined) {
    const { before, after } = change
    return { what, before, after, ...named, diff: unifiedDiff(change) }
  }
  const [before, after] = [withoutText(change.before), withoutText(change.after)]
  const size = (side: Side) => (typeof side === 'string' ? Buffer.byteLength(side) : 0)
  const sizes = `${size(change.before)} → ${size(change.after)} bytes`
  return { what, before, after, ...named, diff: `${path ?? 'value'}: contents not shown, ${why} (${sizes})\n` }
}

/** Nothing where the contents may be shown. Sides that are no text are attributes, which are no secret. */
function whyHidden(
  { before, after, private: owners }: Change,
  { diff, secrets }: ChangeDisplayOptions,
): string | undefined {
  const texts = [before, after].filter(side => typeof side === 'string')
  if (diff === true || texts.length === 0) return undefined
  if (diff === false) return 'the task says diff: false'
  const cure = "; 'diff: true' on the task shows them"
  if (owners === true) return `only their owner may read them${cure}`
  return texts.some(text => secrets.contains(text)) ? `they hold secrets${cure}` : undefined
}

const withoutText = (side: Side): Side =>
  typeof side === 'string' ? { contents: 'not shown', bytes: Buffer.byteLength(side) } : side
