// Ansible's own filters and tests may be written with the name of the collection that they are in.
const OWN = /^ansible\.(?:builtin|legacy)\./

/** The name as it is known here. */
export const bareName = (name: string): string => name.replace(OWN, '')
