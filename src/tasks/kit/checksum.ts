import { sha256Of } from './sha256.ts'

/** What bytes are recognised by on a host: `sha256` in hex, or, where the host has no sha256sum, `cksum` (CRC and length). */
export interface Checksum {
  readonly sha256?: string
  readonly cksum?: string
}

export const checksumOf = (bytes: Uint8Array): Checksum => ({
  sha256: sha256Of(bytes)(),
  cksum: cksum(bytes),
})

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc
})

/** What the POSIX tool cksum prints: the CRC of the bytes and of their number, then that number. */
export function cksum(bytes: Uint8Array): string {
  let crc = 0
  for (const byte of bytes) crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ byte] ?? 0)
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 256))
    crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ (rest & 0xff)] ?? 0)
  return `${~crc >>> 0} ${bytes.length}`
}
