import { expect } from 'vitest'
import aptInstall from '../../../src/tasks/packages/apt-install.ts'
import { planTable } from '../plan-table.ts'

const debian = { apt: true, age: 60 }
const installed = (name: string, version = '1.0') => `${name} ii  ${version} amd64`
const command = (text: string) =>
  expect.objectContaining({ sh: expect.objectContaining({ text: expect.stringContaining(text) }) })
const params = { name: 'nginx' }

planTable(aptInstall, {
  'installs what is not there': {
    params,
    state: debian,
    changes: ['install nginx'],
    plan: {
      changes: [
        expect.objectContaining({
          before: { nginx: null },
          after: { nginx: 'installed' },
          provides: expect.arrayContaining([{ kind: 'package', name: 'nginx' }, { kind: 'service' }, { kind: 'user' }]),
        }),
      ],
    },
  },
  'leaves what is installed': { params, state: { ...debian, known: [installed('nginx')] } },
  'leaves a virtual package that another provides': {
    params: { name: 'mta' },
    state: { ...debian, provided: ['mta'] },
  },
  'installs only what is missing': {
    params: { name: 'nginx, curl' },
    state: { ...debian, known: [installed('curl')] },
    changes: ['install nginx'],
  },
  'installs another version': {
    params: { name: 'nginx=2.*' },
    state: { ...debian, known: [installed('nginx')] },
    changes: ['install nginx=2.*'],
  },
  'leaves a version that fits': { params: { name: 'nginx=1.*' }, state: { ...debian, known: [installed('nginx')] } },
  'mends what is half installed': {
    params,
    state: { ...debian, known: ['nginx iF  1.0 amd64'] },
    changes: ['install nginx'],
    plan: { changes: [command('mend || exit')] },
  },
  'brings the latest': {
    params: { ...params, state: 'latest' },
    state: { ...debian, known: [installed('nginx')], candidate: ['nginx 1.1'] },
    changes: ['install nginx'],
  },
  'leaves the latest': {
    params: { ...params, state: 'latest' },
    state: { ...debian, known: [installed('nginx')], candidate: ['nginx 1.0'] },
  },
  'refreshes lists that are old before it knows the latest': {
    params: { ...params, state: 'latest' },
    state: { ...debian, age: 90_000, known: [installed('nginx')], candidate: ['nginx 1.0'] },
    changes: ['refresh the package lists'],
  },
  'updates old lists before it installs': {
    params,
    state: { ...debian, age: 90_000 },
    changes: ['install nginx'],
    plan: { changes: [command('update && install')] },
  },
  'tries without an update first where lists are fresh': {
    params,
    state: debian,
    changes: ['install nginx'],
    plan: { changes: [command('install || {')] },
  },
  'brings no recommended packages where that is said': {
    params: { ...params, install_recommends: false },
    state: debian,
    changes: ['install nginx'],
    plan: { changes: [command('--no-install-recommends')] },
  },
  'does not touch what is held': {
    params: { ...params, state: 'latest' },
    state: { ...debian, known: ['nginx hi  1.0 amd64'], candidate: ['nginx 1.1'] },
    problem: 'apt-mark unhold nginx',
  },
  'removes what is installed': {
    params: { ...params, state: 'absent' },
    state: { ...debian, known: [installed('nginx')] },
    changes: ['remove nginx'],
    plan: { changes: [expect.objectContaining({ before: { nginx: '1.0' }, after: { nginx: null }, provides: [] })] },
  },
  'leaves configuration files of what is removed': {
    params: { ...params, state: 'absent' },
    state: { ...debian, known: ['nginx rc  1.0 amd64'] },
  },
  'purges configuration files': {
    params: { ...params, state: 'absent', purge: true },
    state: { ...debian, known: ['nginx rc  1.0 amd64'] },
    changes: ['purge nginx'],
  },
  'is refused purge without absent': {
    params: { ...params, purge: true },
    state: debian,
    problem: 'it needs state: absent',
  },
  'is refused elsewhere': { params, state: { apt: false, system: 'Alpine' }, problem: 'this host is Alpine' },
  'is refused where dpkg is broken': {
    params,
    state: { ...debian, broken: 'exit code 2: bad' },
    problem: 'exit code 2: bad',
  },
  'has nothing to do for no package': { params: { name: [] }, state: {} },
  'needs root to change something': {
    params,
    state: { ...debian, mlplay_lacks: ['root'] },
    problem: 'apt-install needs root',
  },
})
