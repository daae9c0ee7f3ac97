/** Formats a float without a fraction as Python does: `1.0`, `1e+16`. */
export const wholeFloatText = (value: number): string => {
  if (Object.is(value, -0)) return '-0.0'
  if (Math.abs(value) < 1e16) return `${value}.0`
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** Formats a number as Python does; a whole number as an integer. */
export const numberText = (value: number): string => {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? BigInt(value).toString() : exponent(value)
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return exponent(value)
}

// Python uses exponents below 1e-4, JavaScript below 1e-6.
const exponent = (value: number): string =>
  (Math.abs(value) < 1e-4 ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2')
