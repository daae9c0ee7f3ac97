/**
 * Where a play, step or role call stands in what was loaded: `site.yml/0` is the first play of site.yml as the person
 * named it, `site.yml/0/tasks/3/rescue/0` a step of it, `site.yml/0/roles/1/tasks/0` a step of its second role. What an
 * import, include or role brings stands below the entry that brings it. No two in a playbook have the same one, it is
 * the same on all hosts and in each run of the same files, and it is plain text: events, records and saved plans name
 * steps by it.
 */
export type Address = string

/** The address of what stands inside of something, at this key or position. */
export const inside = (address: Address, ...path: readonly (string | number)[]): Address => [address, ...path].join('/')
