import { expect, test } from 'vitest'
import { colourDiff, type Difference, unifiedDiff } from '../../src/text/unified-diff.ts'
import { visible, visibleLine, visibleLines } from '../../src/text/visible.ts'

test.each<[string, Difference, string]>([
  ['equal', { before: 'a\n', after: 'a\n' }, ''],
  ['equal records', { before: { a: 1 }, after: { a: 1 } }, ''],
  [
    'a line',
    { before: 'a\nb\n', after: 'a\nc\n', path: '/etc/x' },
    '--- /etc/x\n+++ /etc/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n',
  ],
  ['a new file', { before: null, after: 'a\nb\n', path: '/x' }, '--- /dev/null\n+++ /x\n@@ -0,0 +1,2 @@\n+a\n+b\n'],
  ['a removed file', { before: 'a\n', after: null, path: '/x' }, '--- /x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n'],
  ['an empty new file', { before: null, after: '', path: '/x' }, '--- /dev/null\n+++ /x\n(empty)\n'],
  [
    'no final newline',
    { before: 'a\n', after: 'a', path: '/x' },
    '--- /x\n+++ /x\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n',
  ],
  ['binary', { before: 'a\0b', after: 'é\ufffd', path: '/x' }, '/x: binary content differs (3 → 5 bytes)\n'],
  ['new binary', { before: null, after: 'a\0b', path: '/x' }, '/x: binary content differs (0 → 3 bytes)\n'],
  [
    'mode only',
    { before: { mode: '0644', owner: 'root' }, after: { mode: '0600', owner: 'root' }, path: '/x' },
    '/x: mode 0644 → 0600\n',
  ],
  [
    'a new directory',
    { before: null, after: { mode: '0750', owner: 'root' }, path: '/d' },
    '/d: new, mode 0750, owner root\n',
  ],
  [
    'nested records',
    { before: { active: false, list: [1] }, after: { active: true, list: [1, { a: 'x\ny' }] } },
    '--- value\n+++ value\n@@ -1,3 +1,7 @@\n-active: false\n+active: true\n list:\n   - 1\n+  -\n+    a: |\n+      x\n+      y\n',
  ],
])('%s', (_name, change, diff) => {
  expect(unifiedDiff(change)).toBe(diff)
})

test('a diff that takes too long says so', () => {
  const file = (seed: number) =>
    Array.from({ length: 20_000 }, (_, i) => `${seed} ${(i * 7919 * seed) % 10007}`).join('\n')
  expect(unifiedDiff({ before: file(3), after: file(5), path: '/x' }, 20)).toBe(
    '--- /x\n+++ /x\nfiles differ (20000 → 20000 lines)\n',
  )
})

test('a removed line that looks like a header is coloured as removed', () => {
  expect(colourDiff('--- x\n+++ x\n@@ -1,2 +1 @@\n--- old\n same\n+new\n')).toBe(
    '\x1b[1m--- x\x1b[22m\n\x1b[1m+++ x\x1b[22m\n\x1b[36m@@ -1,2 +1 @@\x1b[39m\n\x1b[31m--- old\x1b[39m\n same\n\x1b[32m+new\x1b[39m\n',
  )
})

test('control characters are escaped', () => {
  expect(visible('a\x1b[31mred\x07\u202eb\n\tc\x9b')).toBe('a\\x1b[31mred\\x07\\u202eb\n\tc\\x9b')
  expect(visibleLine(' a\nb\t')).toBe('a ⏎ b')
  expect(visibleLines('a\r\nb\n\n')).toEqual(['a', 'b'])
  expect(visibleLines('')).toEqual([])
})
