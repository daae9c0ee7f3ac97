// How hosts of a batch stand to each other: free, in lockstep, throttled, one for all, one in another's place.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openReplay } from '../../src/shell/replay.ts'
import { play, run } from './played.ts'

describe('strategy', () => {
  const tasks = `- { name: one, shell: "sleep {{ 0.4 if inventory_hostname == 'a' else 0 }}" }
- { name: two, debug: x }
`
  it('free: a slow host delays no other', async () => {
    const ran = await run(play(tasks), { hosts: 'a,b' })
    expect(ran.lines).toEqual(['b: changed one', 'b: ok two', 'a: changed one', 'a: ok two'])
  })

  it('linear: a task starts when all hosts have finished the one before, also with fewer forks than hosts', async () => {
    for (const forks of [1, 2, 10]) {
      const ran = await run(play(tasks, '', 'strategy: linear'), { hosts: 'a,b,c', forks })
      expect(ran.lines.slice(0, 3).every(line => line.endsWith('one'))).toBe(true)
      expect(ran.lines.slice(3).every(line => line.endsWith('two'))).toBe(true)
    }
  })

  it('linear: hosts stay in step through rescues, ended hosts and handlers', async () => {
    const text = `- hosts: all
  strategy: linear
  tasks:
    - block:
        - { name: n, fail: x, when: inventory_hostname == "a" }
        - { name: b1, command: "true", notify: h }
      rescue: [{ name: rescued, debug: x }]
    - { meta: end_host, when: inventory_hostname == "b" }
    - meta: flush_handlers
    - { name: last, debug: x }
  handlers: [{ name: h, debug: x }]
`
    const ran = await run(text, { hosts: 'a,b,c' })
    const at = (line: string) => ran.lines.indexOf(line)
    expect(ran.exit).toBe(0)
    expect(at('a: ok rescued')).toBeGreaterThan(at('c: changed b1'))
    expect(at('a: ok last')).toBeGreaterThan(at('c: ok h'))
    expect(ran.lines).toContain('b: ok h') // who ends early owes nothing
    expect(ran.lines).not.toContain('b: ok last')
  })

  it('forks limits how many hosts run at once', async () => {
    for (const strategy of ['free', 'linear']) {
      let now = 0
      let most = 0
      await run(play('- { name: n, command: x, changed_when: false }\n', '', `strategy: ${strategy}`), {
        hosts: 'a,b,c,d,e,f',
        forks: 3,
        answers: async () => {
          most = Math.max(most, ++now)
          await new Promise(resolve => setTimeout(resolve, 20))
          now--
          return {}
        },
      })
      expect([strategy, most]).toEqual([strategy, 3])
    }
  })

  it('throttle limits how many hosts run one task at once', async () => {
    const busy = new Map<string, number>()
    const most = new Map<string, number>()
    await run(
      play(
        '- { name: n, command: narrow, throttle: 2, changed_when: false }\n- { name: n, command: wide, changed_when: false }\n',
        '',
        'strategy: linear',
      ),
      {
        hosts: 'a,b,c,d,e,f',
        answers: async (_, script) => {
          const which = script.includes('narrow') ? 'narrow' : 'wide'
          busy.set(which, (busy.get(which) ?? 0) + 1)
          most.set(which, Math.max(most.get(which) ?? 0, busy.get(which) ?? 0))
          await new Promise(resolve => setTimeout(resolve, 20))
          busy.set(which, (busy.get(which) ?? 0) - 1)
          return {}
        },
      },
    )
    expect(Object.fromEntries(most)).toEqual({ narrow: 2, wide: 6 })
  })

  it('with many hosts, connections are closed when a host has finished, and round trips are still counted', async () => {
    const open = new Set<string>()
    let most = 0
    const ran = await run(play('- { name: n, command: x, changed_when: false }\n'), {
      hosts: Array.from({ length: 20 }, (_, i) => `h${i}`).join(','),
      forks: 4,
      connect: ({ name }) => {
        const shell = openReplay(async () => {
          most = Math.max(most, open.add(name).size)
          await new Promise(resolve => setTimeout(resolve, 5))
          return {}
        })
        return Object.defineProperty(shell, 'close', { value: async () => open.delete(name) })
      },
    })
    expect([open.size, most]).toEqual([0, 4])
    expect(ran.summary.hosts['h7']?.round_trips).toBe(1)
  })
})

describe('run_once', () => {
  const once = `- { name: n, shell: "echo {{ inventory_hostname }} | tee -a @/ran", run_once: true, register: r }
- { name: f, set_fact: { who: "{{ inventory_hostname }}" }, run_once: true }
- { name: m, assert: "r.stdout == first and who == first", vars: { first: "{{ ansible_play_batch[0] }}" } }
`
  it.each(['free', 'linear'])('%s: one host does it, all have the result and the facts', async strategy => {
    for (const forks of [1, 10]) {
      const ran = await run(play(once, '', `strategy: ${strategy}`), { hosts: 'a,b,c', forks })
      expect([ran.exit, readFileSync(join(ran.folder, 'ran'), 'utf8')]).toEqual([0, 'a\n'])
      expect(ran.lines.filter(line => line.endsWith('m')).toSorted()).toEqual(['a: ok m', 'b: ok m', 'c: ok m'])
    }
  })

  it('run_once runs once per batch', async () => {
    const ran = await run(play(once, '', 'serial: 2'), { hosts: 'a,b,c' })
    expect(readFileSync(join(ran.folder, 'ran'), 'utf8')).toBe('a\nc\n')
  })

  it.each(['free', 'linear'])('%s: its failure is a failure of all', async strategy => {
    const ran = await run(
      play('- { name: n, fail: x, run_once: true }\n- { name: m, debug: x }\n', '', `strategy: ${strategy}`),
      { hosts: 'a,b' },
    )
    expect([ran.exit, ran.lines]).toEqual([2, ['a: failed n', 'b: failed n']])
    expect(ran.messages[1]).toBe('a, which runs this for all, failed')
  })

  it('run_once passes to the next host when the first one has failed, and waits for a slow first one', async () => {
    const first = `- { name: s, shell: "sleep 0.2; exit 1", when: inventory_hostname == "a" }\n${once}`
    const ran = await run(play(first.replaceAll('ansible_play_batch[0]', "'b'").replaceAll("{{ 'b' }}", 'b')), {
      hosts: 'a,b,c',
    })
    expect(readFileSync(join(ran.folder, 'ran'), 'utf8')).toBe('b\n')
    expect(ran.lines.filter(line => line.endsWith('m'))).toEqual(['b: ok m', 'c: ok m'])
  })

  it('run_once is not repeated when its host fails during the task', async () => {
    const asked: string[] = []
    const ran = await run(play('- { name: n, command: migrate, run_once: true }\n'), {
      hosts: 'a,b',
      answers: host => {
        asked.push(host)
        return 'lost'
      },
    })
    expect([asked, ran.exit, ran.lines]).toEqual([['a'], 2, ['a: unreachable connection', 'b: failed n']])
    expect(ran.messages.at(-1)).toBe('a, which runs this for all, could not be reached')
  })
})

describe('delegate_to', () => {
  const inventoryText = `a x=of_a ansible_connection=local
b x=of_b ansible_connection=local
c x=of_c ansible_connection=local
[lb]
balancer x=of_lb ansible_connection=local
`
  it("delegate_to acts on the other host with this host's variables, one host at a time", async () => {
    const at: string[] = []
    let now = 0
    let most = 0
    const tasks =
      '- { name: n, shell: "echo {{ x }} {{ inventory_hostname }}", delegate_to: balancer, register: r, loop: [1, 2] }\n- { name: m, debug: "{{ r.results[0].stdout }}" }\n'
    const ran = await run(play(tasks).replace('hosts: all', 'hosts: all:!lb'), {
      inventoryText,
      answers: async (host, script) => {
        at.push(host)
        most = Math.max(most, ++now)
        await new Promise(resolve => setTimeout(resolve, 5))
        now--
        return { stdout: /echo (\w+ \w+)/.exec(script)?.[1] ?? '' }
      },
    })
    expect([new Set(at), at.length, most]).toEqual([new Set(['balancer']), 6, 1])
    expect(ran.messages.filter(message => message.startsWith('of_')).toSorted()).toEqual(['of_a a', 'of_b b', 'of_c c'])
    expect(Object.keys(ran.summary.hosts)).toEqual(['a', 'b', 'c'])
  })

  it('a delegated task probes and changes in its turn, so it sees what another host changed', async () => {
    const line = `- { name: n, shell: "sleep 0.05; echo x >> @/file", creates: "@/file", delegate_to: balancer }\n`
    const ran = await run(
      play(
        line.replace('shell: "', 'shell: { cmd: "').replace('", creates: "@/file"', '", creates: "@/file" }'),
      ).replace('hosts: all', 'hosts: all:!lb'),
      { inventoryText },
    )
    expect([ran.exit, readFileSync(join(ran.folder, 'file'), 'utf8')]).toEqual([0, 'x\n'])
    expect(ran.lines.filter(one => one.includes('changed'))).toHaveLength(1)
  })

  it('a host probes again what another host has changed on it', async () => {
    const text = `- hosts: lb,a
  strategy: linear
  tasks:
    - { name: seen, wait-for: { path: /, timeout: 0 } }
    - { name: n, copy-file: { dest: "@/f", content: mine }, delegate_to: balancer, when: inventory_hostname == 'a' }
    - { name: m, copy-file: { dest: "@/f", content: mine }, when: inventory_hostname != 'a' }
`
    const ran = await run(text, { inventoryText })
    expect([ran.exit, ran.lines]).toEqual([0, expect.arrayContaining(['a: changed n', 'balancer: ok m'])])
  })

  it('facts of a delegated task belong to this host, or with delegate_facts to the other', async () => {
    const tasks = `- { name: n, set_fact: { mark: "{{ inventory_hostname }}" }, delegate_to: balancer, delegate_facts: true }
- { name: m, assert: "mark is undefined and hostvars.balancer.mark == 'a'" }
- { name: o, set_fact: { mark: own }, delegate_to: balancer }
- { name: p, assert: "mark == 'own'" }
`
    const ran = await run(play(tasks).replace('hosts: all', 'hosts: a'), { inventoryText })
    expect([ran.exit, ran.messages]).toEqual([0, expect.anything()])
  })

  it('an unreachable delegate_to target makes the delegating host unreachable', async () => {
    const ran = await run(play('- { name: n, command: x, delegate_to: gone }\n'), {
      hosts: 'a,b',
      answers: host => (host === 'gone' ? 'lost' : {}),
    })
    expect([ran.exit, ran.lines.toSorted()]).toEqual([4, ['a: unreachable connection', 'b: unreachable connection']])
  })
})

describe('meta', () => {
  const two = (meta: string) =>
    `- { meta: ${meta}, when: inventory_hostname == "a" }\n- { name: n, debug: x }\n- { name: m, debug: x }\n`

  it.each([
    ['noop', ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd']],
    ['end_host', ['b', 'b', 'c', 'c', 'd', 'd']],
    ['end_batch', ['c', 'c', 'd', 'd']],
    ['end_play', []],
  ])('%s', async (meta, hosts) => {
    const ran = await run(
      `${play(two(meta), '', 'serial: 2\nstrategy: linear')}- hosts: all\n  tasks:\n    - { name: later, debug: x }\n`,
      {
        hosts: 'a,b,c,d',
      },
    )
    const of = (name: RegExp) => ran.lines.filter(line => name.test(line)).map(line => line.split(':')[0])
    expect([ran.exit, of(/ [nm]$/).toSorted(), of(/later/).length]).toEqual([0, hosts, 4])
  })

  it('clear_host_errors lets failed hosts take part in later plays; the exit code still reports the failure', async () => {
    const ran = await run(
      `${play('- { name: n, fail: x, when: inventory_hostname == "a" }\n- meta: clear_host_errors\n', '', 'strategy: linear')}- hosts: all\n  tasks:\n    - { name: later, debug: x }\n`,
      { hosts: 'a,b' },
    )
    expect([ran.exit, ran.lines.filter(line => line.endsWith('later'))]).toEqual([2, ['a: ok later', 'b: ok later']])
  })

  it('a meta condition that cannot be evaluated is a failure with its position', async () => {
    const ran = await run(play('- { meta: end_host, when: r.nope, vars: { r: {} } }\n- { name: n, debug: x }\n'))
    expect([ran.exit, ran.lines]).toEqual([2, ['localhost: failed meta: end_host']])
  })

  it('a meta condition may use facts', async () => {
    const ran = await run(play('- { meta: end_host, when: ansible_system == "Linux" }\n- { name: n, debug: x }\n'))
    expect([ran.exit, ran.lines]).toEqual([0, []])
  })
})

describe('ansible_play_hosts', () => {
  it('ansible_play_hosts excludes failed hosts; ansible_play_hosts_all does not', async () => {
    const ran = await run(
      play(
        '- { name: n, fail: x, when: inventory_hostname == "a" }\n- { name: m, debug: "{{ ansible_play_hosts | join }} {{ ansible_play_batch | join }} {{ ansible_play_hosts_all | join }}" }\n',
        '',
        'strategy: linear',
      ),
      { hosts: 'a,b,c' },
    )
    expect(ran.messages.slice(1)).toEqual(['bc bc abc', 'bc bc abc'])
  })
})
