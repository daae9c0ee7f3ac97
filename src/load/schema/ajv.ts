// A file of our own re-exports the named export: a bundle's lazy import of ajv's CommonJS file loses it.

export type { ErrorObject, ValidateFunction } from 'ajv'
export { Ajv2020 } from 'ajv/dist/2020.js'
