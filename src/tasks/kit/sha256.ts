import { createHash } from 'node:crypto'

/** Hex, computed when first asked for: most files are small and compared whole. */
export const sha256Of = (bytes: Uint8Array) => (): string => createHash('sha256').update(bytes).digest('hex')
