/** A number with so many digits after the point, as Python rounds: a true half goes to the even digit. */
export function toFixed(value: number, digits: number): string {
  const plain = value.toFixed(Math.min(100, digits))
  const scaled = Math.abs(value) * 10 ** digits
  const low = Math.floor(scaled)
  // 2.345 is no half, its binary value lies above; 0.125 is one.
  const half = scaled - low === 0.5 && Number.isInteger(value * 2 ** 20)
  if (!half || low % 2 === 1) return plain
  const down = (low / 10 ** digits).toFixed(digits)
  return value < 0 ? `-${down}` : down
}
