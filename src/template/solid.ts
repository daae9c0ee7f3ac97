export { solid } from './values.ts'
