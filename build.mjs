// One file for the command, one for the library, and a chunk for whatever is loaded late: start-up reads little.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { compiledValidators } from './build-validators.mjs'

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  external: ['esbuild', 'cpu-features', '*.node', 'fsevents', 'chokidar'],
  // What the CommonJS libraries inside take for granted.
  banner: {
    js: "import { createRequire as mlplayRequire } from 'node:module'; const require = mlplayRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;",
  },
  plugins: [compiledValidators],
  logLevel: 'warning',
})
const compiler = 'node_modules/typescript/bin/tsc'
if (existsSync(compiler)) execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
