/** Line and column, from 0, of the offsets of a text. Offsets that go forward cost what they pass over. */
export const placesIn = (source: string): ((offset: number) => { readonly lineno: number; readonly colno: number }) => {
  let lineno = 0
  let start = 0
  const endFrom = (from: number): number => {
    const end = source.indexOf('\n', from)
    return end < 0 ? source.length : end
  }
  let end = endFrom(0)
  return offset => {
    while (offset < start) {
      lineno--
      end = start - 1
      start = end === 0 ? 0 : source.lastIndexOf('\n', end - 1) + 1
    }
    while (offset > end) {
      lineno++
      start = end + 1
      end = endFrom(start)
    }
    return { lineno, colno: offset - start }
  }
}
