import type { Inherited } from '../model/playbook.ts'

/** Whether a task with these tags runs under `--tags` and `--skip-tags`: Ansible's meaning, special tags included. */
export function selected(tags: readonly string[], want: readonly string[], skip: readonly string[]): boolean {
  return wanted(tags, want.length === 0 ? ['all'] : want) && !skipped(tags, skip)
}

/** Whether a step is among those that were asked for by tags. */
export const chosen = (
  { inherited }: { readonly inherited: Pick<Inherited, 'tags'> },
  { tags, skipTags }: { readonly tags: readonly string[]; readonly skipTags: readonly string[] },
): boolean => selected(inherited.tags, tags, skipTags)

const wanted = (tags: readonly string[], want: readonly string[]): boolean => {
  if (tags.includes('always')) return true
  const never = tags.includes('never')
  if (want.includes('all') && !never) return true
  if (tags.length === 0) return want.includes('untagged')
  return tags.some(tag => want.includes(tag)) || (want.includes('tagged') && !never)
}

const skipped = (tags: readonly string[], skip: readonly string[]): boolean => {
  // Whoever skips everything still gets what must always run, unless that is named too.
  if (skip.includes('all')) return !tags.includes('always') || skip.includes('always')
  if (tags.length === 0) return skip.includes('untagged')
  return tags.some(tag => skip.includes(tag)) || skip.includes('tagged')
}
