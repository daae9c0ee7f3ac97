import type { Side } from '../../model/change.ts'
import { rethrowBug } from '../../text/rethrow-bug.ts'
import { checksumOf } from './checksum.ts'

/** How the bytes of a file stand in a change: as text where they are text, else (or when there are too many) by size and checksum. */
export function sideOf(bytes: Uint8Array, big: boolean): Side {
  const told = { size: bytes.length, sha256: checksumOf(bytes).sha256 ?? '' }
  if (big) return told
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? { ...told, binary: true } : text
  } catch (error) {
    rethrowBug(error)
    return { ...told, binary: true }
  }
}
