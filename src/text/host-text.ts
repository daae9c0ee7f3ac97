/**
 * Bytes (one character a byte) as text that can be edited: UTF-8 where they are, and otherwise each byte that is no ASCII
 * stands for itself (U+DC80 to U+DCFF), so that `toBytes` gives back the same bytes.
 */
export function fromBytes(bytes: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return bytes.replace(/[\x80-\xff]/g, byte => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
  }
}

/** The bytes of such a text. */
export const toBytes = (text: string): Uint8Array =>
  Buffer.concat(
    text
      .split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
      .map((part, i) => (i % 2 === 0 ? Buffer.from(part, 'utf8') : Buffer.from([part.charCodeAt(0) - 0xdc00]))),
  )
