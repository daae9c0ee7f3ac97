import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.ts'
import { attributesOf, type FoundAttributes } from './attributes.ts'

/** What `register` gets of a path, with the keys of Ansible's results: whose it is, its mode, its size in bytes, what it is. */
export function pathResults(found: FoundAttributes): JsonObject {
  if (found.kind === undefined || found.kind === 'absent' || (found.attributes ?? '') === '') return { state: 'absent' }
  const { mode, owner, group, uid, gid } = attributesOf(found)
  const size = / (\d+)$/.exec(found.attributes ?? '')?.[1]
  return {
    state: found.kind,
    mode,
    owner,
    group,
    uid: Number(uid),
    gid: Number(gid),
    ...(size === undefined ? {} : { size: Number(size) }),
  }
}

/** Of a file that was written: where it is, and the SHA-1 of what is in it. */
export const fileResults = (dest: string, found: FoundAttributes, bytes: Uint8Array): JsonObject => ({
  dest,
  ...pathResults(found),
  checksum: createHash('sha1').update(bytes).digest('hex'),
})
