import { defineConfig } from 'vitest/config'

// What these need is a machine: they install, add accounts, boot hosts. One after the other, when all else is done.
const machine = ['test/e2e/**/*.test.ts', 'test/lab/**/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'test/.tmp/report.json' }]],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: machine, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'machine', include: machine, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
