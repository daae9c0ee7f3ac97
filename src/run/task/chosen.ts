import type { Inherited } from '../../model/playbook.ts'
import { selected } from '../../schedule/tags.ts'
import type { HostContext } from './host-context.ts'

/** Whether a step is among those asked for by its tags. */
export const chosen = (
  { inherited }: { readonly inherited: Inherited },
  { tags, skipTags }: Pick<HostContext, 'tags' | 'skipTags'>,
): boolean => selected(inherited.tags, tags, skipTags)
