// A service that reads its configuration when it starts, with an init script of its own on this machine.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { run } from './played.ts'

const wanted = process.getuid?.() === 0 && !existsSync('/run/systemd/system') && existsSync('/etc/init.d')
const name = `mlplay-test-${process.pid}`
const script = `/etc/init.d/${name}`
const folder = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-service-')) : ''
const conf = join(folder, 'conf')
const target = `${folder}-target`

const playbook = (content: string, more = ''): string =>
  `- hosts: localhost
  gather_facts: false
  tasks:
    - copy-file: { dest: ${conf}, content: ${content} }
    - name: the service runs with its configuration
      service: { name: ${name}, state: started, config: [${folder}], apply: restart }
      guards: true
${more}`

const loaded = (): string => readFileSync('/run/' + name + '.loaded', 'utf8')
const rollbacks = (events: readonly Event[]) => events.filter(event => event.event === 'rollback')
const changed = (events: readonly Event[]) =>
  events.flatMap(event => (event.event === 'task' ? event.changes.map(change => change.what) : []))

describe.skipIf(!wanted)('a service with config', () => {
  beforeAll(() => {
    writeFileSync(
      script,
      `#!/bin/sh
pidfile=/run/${name}.pid
start() {
  grep -q bad ${conf} && { echo "bad configuration" >&2; return 1; }
  cat ${conf} > /run/${name}.loaded
  sleep 1000 </dev/null >/dev/null 2>&1 &
  echo $! > $pidfile
}
stop() { [ -s $pidfile ] && kill "$(cat $pidfile)" 2>/dev/null; rm -f $pidfile; }
case $1 in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  status) [ -s $pidfile ] && kill -0 "$(cat $pidfile)" 2>/dev/null || exit 3 ;;
esac
`,
    )
    chmodSync(script, 0o755)
  })

  afterAll(() => {
    execFileSync(script, ['stop'])
    rmSync(script)
    rmSync(`/run/${name}.loaded`, { force: true })
    rmSync(folder, { recursive: true })
    rmSync(target, { force: true })
  })

  it('a service that the play started is stopped when a guard undoes the play', async () => {
    const more = '    - { name: a check, command: "false", guards: true }\n'
    const failed = await run(playbook('none', more))
    expect(failed.exit).toBe(2)
    expect(rollbacks(failed.events)).toMatchObject([
      { undone: [`start ${name}`, `create ${conf}`], not_undone: ['run false'] },
    ])
    expect([existsSync(`/run/${name}.pid`), existsSync(conf)]).toEqual([false, false])
  })

  it('a service is started once, and restarted by the run that changes its file', async () => {
    expect(changed((await run(playbook('one'))).events)).toEqual([`create ${conf}`, `start ${name}`])
    expect((await run(playbook('one'))).summary.hosts['localhost']).toMatchObject({ changed: 0, round_trips: 1 })
    const second = await run(playbook('two'))
    expect(changed(second.events)).toEqual([`write ${conf}`, `restart ${name}`])
    expect([second.exit, loaded()]).toEqual([0, 'two'])
    expect((await run(playbook('two'))).summary.hosts['localhost']).toMatchObject({ changed: 0, round_trips: 1 })
  })

  it('a service is restarted by a later run when an earlier one wrote the file and was aborted before the restart', async () => {
    writeFileSync(conf, 'three')
    utimesSync(conf, 1, 1) // an old time of modification does not hide it
    const dry = await run(playbook('three'), { check: true })
    expect(changed(dry.events)).toEqual([`restart ${name}`])
    expect(loaded()).toBe('two')
    expect(changed((await run(playbook('three'))).events)).toEqual([`restart ${name}`])
    expect(loaded()).toBe('three')
  })

  it('a service is restarted when the target of a link in its folder changes', async () => {
    writeFileSync(target, 'a')
    symlinkSync(target, join(folder, 'link'))
    await run(playbook('three'))
    expect((await run(playbook('three'))).summary.hosts['localhost']).toMatchObject({ changed: 0 })
    writeFileSync(target, 'b')
    expect(changed((await run(playbook('three'))).events)).toEqual([`restart ${name}`])
  })

  it('a dry run that would change the file of a service reports the restart', async () => {
    expect(changed((await run(playbook('four'), { check: true })).events)).toEqual([`write ${conf}`, `restart ${name}`])
  })

  it('a service that refuses the new file keeps running with the old one', async () => {
    const refused = await run(playbook('bad'))
    expect(refused.exit).toBe(2)
    expect(rollbacks(refused.events)).toMatchObject([{ undone: [`write ${conf}`, `restart ${name}`], not_undone: [] }])
    expect([readFileSync(conf, 'utf8'), loaded()]).toEqual(['three', 'three'])
    expect((await run(playbook('three'))).summary.hosts['localhost']).toMatchObject({ changed: 0 })
  })

  it('a service reads the old file again when a later guard fails', async () => {
    const more = '    - { name: a check, command: grep -q three /run/@.loaded, guards: true }\n'.replace('@', name)
    const failed = await run(playbook('five', more))
    expect(failed.exit).toBe(2)
    expect(rollbacks(failed.events)).toMatchObject([
      { undone: [`write ${conf}`, `restart ${name}`], failed_task: 'a check' },
    ])
    expect([readFileSync(conf, 'utf8'), loaded()]).toEqual(['three', 'three'])
  })

  it('guards: false on the failing task keeps the changes', async () => {
    const failed = await run(playbook('six', '    - { name: no guard, command: "false" }\n'))
    expect([failed.exit, rollbacks(failed.events), loaded()]).toEqual([2, [], 'six'])
  })
})
