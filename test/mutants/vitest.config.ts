import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// One file of src is read with another text in it: nothing on the disk changes.
const mutant = JSON.parse(process.env['MLPLAY_MUTANT'] ?? '{}') as {
  readonly file?: string
  readonly text?: string
  readonly instead?: string
}

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform: (code, id) =>
        id.split('?')[0] === mutant.file ? code.replace(mutant.text ?? '', () => mutant.instead ?? '') : undefined,
    },
  ],
  test: { testTimeout: 60_000, bail: 1, reporters: ['dot'], include: ['test/**/*.test.ts'], pool: 'threads' },
})
