// Ansible's own filters and tests may be written with the name of the collection that they are in; those of addresses
// are in collections that most people have.
const OWN = /^ansible\.(?:builtin|legacy)\./
const OF_ADDRESSES = /^ansible\.(?:utils|netcommon)\.(?=ip|network_in_|nthhost$|cidr_merge$)/

/** The name as it is known here. */
export const bareName = (name: string): string =>
  name.includes('.') ? name.replace(OWN, '').replace(OF_ADDRESSES, '') : name
