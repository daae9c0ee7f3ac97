import { defineConfig } from 'vitest/config'

// What these need is a machine: they install, add accounts, boot hosts. One after the other, when all else is done.
const machine = ['test/e2e/**/*.test.ts', 'test/lab/**/*.test.ts']
// Each of these takes many minutes, or installs more than the others need, and has not been run on a machine without
// anything yet: MLPLAY_LONG=1 runs them, too, and the longer part of transitions.
const long = ['acme', 'backend', 'container', 'distributions', 'mlflow-apps', 'monitoring', 'sso', 'systemd-unit'].map(name => `test/e2e/${name}.test.ts`)

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
        test: { name: 'machine', include: machine, exclude: process.env['MLPLAY_LONG'] === '1' ? [] : long, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
