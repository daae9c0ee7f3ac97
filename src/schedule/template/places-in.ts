/** Line and column, from 0, of offsets that never go back by more than a line. */
export const placesIn = (source: string): ((offset: number) => { readonly lineno: number; readonly colno: number }) => {
  let lineno = 0
  let start = 0
  return offset => {
    while (offset < start) {
      lineno--
      start = source.lastIndexOf('\n', start - 2) + 1
    }
    for (let end = source.indexOf('\n', start); end >= 0 && end < offset; end = source.indexOf('\n', start)) {
      lineno++
      start = end + 1
    }
    return { lineno, colno: offset - start }
  }
}
