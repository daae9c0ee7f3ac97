import type { Plugin } from 'esbuild'

/** For esbuild: bundles the validators of built-in schemas, compiled. */
export const compiledValidators: Plugin
/** What the build puts in the place of src/load/schema/ready-validators.ts. */
export function validatorsCode(): Promise<string>
