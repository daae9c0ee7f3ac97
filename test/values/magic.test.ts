import { describe, expect, it } from 'vitest'
import { factNames, magicNames } from '../../src/model/known-names.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { magicOfBatch, magicOfHost, magicOfRun, magicOfTask, weakMagic } from '../../src/values/magic.ts'
import { play, run } from '../run/played.ts'

describe('the magic variables that the static check knows', () => {
  it('are the ones that a run defines', async () => {
    const host = { name: 'h', groups: [], vars: {} }
    const request = {
      inventory: { source: '', folder: '', hosts: new Map(), groups: new Map() },
      check: false,
      environment: { cwd: '/' },
      tags: [],
      skipTags: [],
      forks: 5,
      limit: 'h',
    }
    const batch = { hosts: [], all: [], batch: [], alive: () => [] }
    const caller = { name: 'c', path: '/c' }
    const role = { role: { name: 'r', path: '/r', depended: false, callers: [caller] } }
    const play = { folder: '', name: '', roles: [] }
    const given = [
      ...Object.keys(magicOfRun(request as never)),
      ...Object.keys(magicOfBatch(play as never, batch)),
      ...Object.keys(magicOfHost(host)),
      ...Object.keys(magicOfTask(role as never, play as never)),
      ...Object.keys(weakMagic),
      ...['hostvars', 'vars', 'ansible_host', 'ansible_connection'],
    ]
    expect(given.toSorted()).toEqual(magicNames.toSorted())
  })

  it('the known facts are those of the facts task type', async () => {
    const known = factNames(taskTypes.get('facts'))
    const { messages } = await run(play('- debug: "{{ ansible_facts | list | sort | join(\' \') }}"\n'))
    const found = (messages[0] ?? '').split(' ')
    expect(found.length).toBeGreaterThan(15)
    expect(found.filter(name => !known.includes(name))).toEqual([])
  })
})

describe('how a host is reached', () => {
  const told =
    "- debug: \"{{ ansible_host }} {{ ansible_connection }} {{ ansible_user | default('-') }} {{ ansible_port | default('-') }}\"\n"

  it.each([
    [
      'what the inventory says',
      'h ansible_connection=local ansible_host=10.0.0.1 ansible_user=ann ansible_port=2222\n',
      '10.0.0.1 local ann 2222',
    ],
    ['else the name of the host', 'h ansible_connection=local\n', 'h local - -'],
    ['also of localhost', 'localhost\n', 'localhost local - -'],
  ])('%s', async (_, inventoryText, message) => {
    expect((await run(play(told), { inventoryText })).messages).toEqual([message])
  })

  it("the connection of a host is visible to other hosts and includes the play's keywords", async () => {
    const { messages } = await run(
      play(
        '- debug: "{{ hostvars.b.ansible_host }} {{ ansible_user }} {{ ansible_port }}"\n',
        '',
        'remote_user: eve\nport: 2200',
      ),
      { hosts: 'a,b' },
    )
    expect(messages).toEqual(['b eve 2200', 'b eve 2200'])
  })
})
