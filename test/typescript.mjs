// `node --import ./test/typescript.mjs FILE.ts`: Node 20 reads no TypeScript by itself, and esbuild is there anyway.
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
