/** Formats a number with `digits` decimals, rounding as Python does: exact halves to the even digit. */
export function toFixed(value: number, digits: number): string {
  const plain = value.toFixed(Math.min(100, digits))
  const scaled = Math.abs(value) * 10 ** digits
  const low = Math.floor(scaled)
  // 2.345 is not an exact half, as its binary value is larger; 0.125 is one.
  const half = scaled - low === 0.5 && Number.isInteger(value * 2 ** 20)
  if (!half || low % 2 === 1) return plain
  const down = (low / 10 ** digits).toFixed(digits)
  return value < 0 ? `-${down}` : down
}
