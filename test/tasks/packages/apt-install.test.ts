import { describe, expect, it } from 'vitest'
import { checkParams } from '../../../src/load/schema/check-params.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import aptInstall from '../../../src/tasks/packages/apt-install.ts'
import { fits, isThere, isWhole, knownOf, stateOf } from '../../../src/tasks/packages/package-names.ts'

describe('names of packages', () => {
  const at = () => ({ file: 'p.yml', line: 1, column: 1 })
  const faults = (name: unknown) =>
    checkParams(aptInstall, { name } as JsonObject, at).faults.map(fault => fault.message)
  it.each([
    ['g++'],
    ['libstdc++6'],
    ['libc6:i386'],
    ['nginx=1.22.*'],
    ['ab, cd'],
    ['0ad'],
    ['python3.11'],
    ['nginx=1:2.0~rc1-1+deb12u1'],
  ])('%s is a package name', name => {
    expect(faults(name)).toEqual([])
    expect(faults(name.split(','))).toEqual(name.includes(' ') ? [expect.anything()] : [])
  })
  it.each([
    ['curl-'],
    ['there-doc+-'],
    ['-oDPkg::Pre-Invoke::=touch /tmp/owned'],
    ['--purge'],
    ['-y'],
    ['curl*'],
    ['cur?'],
    ['^curl'],
    ['curl$'],
    ['?exact-name(curl)'],
    ['~ncurl'],
    ['lamp-server^'],
    ['curl/stable'],
    ['/tmp/x.deb'],
    ['./x.deb'],
    ['bash>=5'],
    ['a b'],
    ['a,-y'],
    ['curl\n-y'],
    ['Curl'],
    [''],
    ['curl='],
    ['curl:'],
    ['ü'],
  ])('%j is not a package name, alone and in a list', name => {
    expect(faults(name)).toHaveLength(1)
    expect(faults(['bash', name])).toHaveLength(1)
  })
})

describe('the state that dpkg reports for a package', () => {
  it.each([
    ['ii', true, true],
    ['hi', true, true],
    ['rc', false, false],
    ['un', false, false],
    ['pn', false, false],
    ['iU', true, false],
    ['iF', true, false],
    ['iH', true, false],
    ['iW', true, false],
    ['it', true, false],
    ['iiR', true, false],
    ['ri', true, true],
  ])('%s: something is there: %s, it is whole: %s', (status, there, whole) => {
    expect([isThere({ status, version: '1' }), isWhole({ status, version: '1' })]).toEqual([there, whole])
  })

  it.each([
    ['curl', 'ii'],
    ['curl:amd64', 'ii'],
    ['curl:i386', undefined],
    ['libc6', 'ii'],
    ['libc6:i386', 'rc'],
    ['adduser:amd64', 'ii'],
    ['gone', 'rc'],
    ['never', undefined],
    ['unknown', 'un'],
  ])('of %s it is %s', (name, status) => {
    const known = knownOf([
      'curl ii  7.88.1-10 amd64',
      'libc6 rc  2.36 i386',
      'libc6 ii  2.36 amd64',
      'adduser ii  3.1 all',
      'gone rc  1.0 amd64',
      'unknown un   ',
    ])
    expect(known(name)?.status).toBe(status)
  })

  it.each([
    ['iF', 'half configured'],
    ['iU', 'unpacked, not configured'],
    ['iHR', 'to be installed anew'],
  ])('%s is reported as: %s', (status, told) => {
    expect(stateOf({ status, version: '1' })).toBe(told)
  })
})

it.each([
  ['1.22.1-9', '1.22.*', true],
  ['1.220', '1.22.*', false],
  ['1.22.1-9', '1.22.1-9', true],
  ['1.22.1+b', '1.22.1+b', true],
  ['1.22.1', '1.22.?', true],
])('version %s is one of %s: %s', (version, pattern, is) => {
  expect(fits(version, pattern)).toBe(is)
})
