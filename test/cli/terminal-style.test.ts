import { expect, it } from 'vitest'
import { terminalStyle } from '../../src/cli/terminal-style.ts'

it.each<[boolean | undefined, Readonly<Record<string, string>>, boolean, boolean]>([
  [true, {}, true, true],
  [undefined, {}, false, false],
  [false, {}, false, false],
  [true, { NO_COLOR: '1' }, false, false],
  [true, { NO_COLOR: '' }, true, true],
  [true, { CI: 'true' }, false, false],
  [true, { CI: 'false' }, true, true],
  [true, { TERM: 'dumb' }, false, false],
  [undefined, { FORCE_COLOR: '1' }, false, true],
  [true, { FORCE_COLOR: '0' }, true, true],
  [undefined, { CI: 'true', FORCE_COLOR: '1' }, false, true],
])('the style for a terminal (%s) with the environment %j', (isTTY, env, live, colour) => {
  expect(terminalStyle({ isTTY }, env)).toEqual({ live, colour })
})
