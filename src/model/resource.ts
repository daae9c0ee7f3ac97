const kinds = ['path', 'user', 'group', 'package', 'service', 'program'] as const

/** What a change brings to a host, and what another task may need there. Without a name: any of its kind. */
export interface Resource {
  readonly kind: (typeof kinds)[number]
  readonly name?: string
}

/** What a command or a package brings: nobody can tell. */
export const ANYTHING: readonly Resource[] = kinds.map(kind => ({ kind }))

/** What a change makes or alters. One that does not say may bring anything. */
export const providedBy = ({ provides }: { readonly provides?: readonly Resource[] }): readonly Resource[] =>
  provides ?? ANYTHING

/**
 * Whether earlier steps of a dry run bring what a task needs: `certain` where a change names just that, `possible` where
 * one may (a command, the files of a package). A path also counts as expected when something below it is. Without a
 * name: whether anything of the kind is expected.
 */
export function expects(
  expected: readonly Resource[],
  kind: Resource['kind'],
  name?: string,
): 'certain' | 'possible' | undefined {
  const ofKind = expected.filter(one => one.kind === kind)
  const isIt = (other: string | undefined) =>
    name !== undefined && (other === name || (kind === 'path' && other?.startsWith(`${name}/`)))
  if (ofKind.some(one => isIt(one.name))) return 'certain'
  return ofKind.some(one => one.name === undefined || name === undefined) ? 'possible' : undefined
}
