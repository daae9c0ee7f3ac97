// Batches, and when a rollout stops. Hosts that cannot be reached are replayed ones; all else runs in real shells.
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const fails = (...hosts: readonly string[]) =>
  `- { name: n, fail: broken, when: "inventory_hostname in [${hosts.map(host => `'${host}'`).join(', ')}]" }\n`
const look = '- { name: look, command: "true", changed_when: false }\n'
const after = '- { name: after, debug: x }\n'

/** Replayed hosts of which some cannot be reached. */
const without = (...lost: readonly string[]) => ({
  answers: (host: string) => (lost.includes(host) ? ('lost' as const) : {}),
})

describe('order', () => {
  it.each([
    ['inventory', ['c', 'a', 'B', 'b']],
    ['reverse_inventory', ['b', 'B', 'a', 'c']],
    ['sorted', ['B', 'a', 'b', 'c']],
    ['reverse_sorted', ['c', 'b', 'a', 'B']],
  ])('the order %s also applies to batches', async (order, expected) => {
    const ran = await run(play(after, '', `order: ${order}\nserial: 1`), { hosts: 'c,a,B,b' })
    expect(ran.lines.map(line => line.split(':')[0])).toEqual(expected)
  })

  it('shuffle keeps every host exactly once', async () => {
    const hosts = Array.from({ length: 20 }, (_, i) => `h${i}`)
    let seed = 7
    const random = (bytes: number) =>
      Uint8Array.from({ length: bytes }, () => {
        seed = (seed * 1103515245 + 12345) % 2147483648
        return seed >> 16
      })
    const ran = await run(play(after, '', 'order: shuffle\nserial: 1'), {
      hosts: hosts.join(','),
      environment: { env: process.env, cwd: '/', now: () => new Date(), random },
    })
    const met = ran.lines.map(line => line.split(':')[0])
    expect(met.toSorted()).toEqual(hosts.toSorted())
    expect(met).not.toEqual(hosts)
  })
})

describe('a rollout', () => {
  it('a batch runs the whole play, with handlers and post_tasks, before the next one starts', async () => {
    const text = `- hosts: all
  serial: [1, 2]
  pre_tasks: [{ name: pre, debug: x }]
  tasks: [{ name: change, command: "true", notify: h }]
  post_tasks: [{ name: post, debug: x }]
  handlers: [{ name: h, debug: x }]
`
    const ran = await run(text, { hosts: 'a,b,c' })
    const first = ['a: ok pre', 'a: changed change', 'a: ok h', 'a: ok post']
    expect(ran.lines.slice(0, 4)).toEqual(first)
    expect(ran.lines.slice(4).toSorted()).toEqual(
      first.flatMap(line => [line.replace('a', 'b'), line.replace('a', 'c')]).toSorted(),
    )
  })

  it('no further batch starts when the health check of a batch fails', async () => {
    const text = `- hosts: all
  serial: [1, "50%"]
  tasks: [{ name: change, shell: "touch @/{{ inventory_hostname }}" }]
  post_tasks: [{ name: gate, wait-for: { path: "@/gone", timeout: 0 }, when: inventory_hostname != "a" }]
- hosts: all
  tasks: [{ name: later, debug: x }]
`
    const ran = await run(text, { hosts: 'a,b,c,d,e' })
    expect(ran.lines.toSorted()).toEqual([
      'a: changed change',
      'a: skipped gate',
      'b: changed change',
      'b: failed gate',
      'c: changed change',
      'c: failed gate',
    ])
    expect([ran.exit, ran.summary.untouched]).toEqual([2, ['d', 'e', 'a']])
    expect(ran.warnings).toEqual([
      'the run stops here: in batch 2 of 3, 2 of 2 hosts failed or were unreachable (b, c); 3 hosts were not touched: d, e, a',
    ])
  })

  it('the warning names the failed hosts that stopped the rollout: one is enough', async () => {
    const ran = await run(play(fails('b'), '', 'serial: 2'), { hosts: 'a,b,c,d' })
    expect([ran.exit, ran.summary.untouched]).toEqual([2, ['c', 'd']])
  })

  it('a batch in which all hosts fail ends the run, later plays included', async () => {
    const ran = await run(`${play(fails('a', 'b'))}- hosts: localhost\n  tasks: [{ name: later, debug: x }]\n`, {
      hosts: 'a,b',
    })
    expect([ran.exit, ran.lines.includes('localhost: ok later')]).toEqual([2, false])
    expect(ran.summary.untouched).toEqual(['localhost'])
  })

  it('a failed host takes no part in later plays; the others do', async () => {
    const ran = await run(`${play(fails('a'))}- hosts: all\n  tasks:\n    ${after}`, { hosts: 'a,b,c' })
    expect(ran.lines.filter(line => line.endsWith('after'))).toEqual(['b: ok after', 'c: ok after'])
  })
})

describe('max_fail_percentage', () => {
  // Ansible: unreachable hosts are not counted; with 0 and 2 of 4 hosts unreachable it goes on.
  it.each([
    ['unreachable hosts', 'a,b,c,d', '0', without('a', 'b'), look, 4],
    ['failed hosts', 'a,b,c,d', '0', {}, fails('a'), 2],
    ['both together', 'a,b,c,d,e,f', '25', without('a'), fails('b') + look, 2],
  ])('max_fail_percentage counts %s', async (_, hosts, limit, more, tasks, exit) => {
    const ran = await run(play(tasks, '', `serial: ${hosts.split(',').length / 2}\nmax_fail_percentage: ${limit}`), {
      hosts,
      ...more,
    })
    const rest = hosts.split(',').slice(hosts.split(',').length / 2)
    expect([ran.exit, ran.summary.untouched]).toEqual([exit, rest])
  })

  it('exceeding max_fail_percentage stops the batch at that step, not only the next batch', async () => {
    const ran = await run(play(fails('a', 'b') + after, '', 'strategy: linear\nmax_fail_percentage: 30'), {
      hosts: 'a,b,c,d',
    })
    expect(ran.lines.filter(line => line.endsWith('after'))).toEqual([])
    expect(ran.summary.stopped).toEqual(['c', 'd'])
    expect(ran.warnings[0]).toContain(
      '2 of 4 hosts failed or were unreachable, more than max_fail_percentage: 30 allows',
    )
  })

  it('exactly max_fail_percentage is allowed; it may be a template, and 100 allows all', async () => {
    const keywords = (limit: string) => `serial: 2\nvars: { most: 50 }\nmax_fail_percentage: ${limit}`
    const equal = await run(play(fails('a') + after, '', keywords('"{{ most }}"')), { hosts: 'a,b,c,d' })
    expect(equal.lines.filter(line => line.endsWith('after'))).toEqual(['b: ok after', 'c: ok after', 'd: ok after'])
    const more = await run(play(fails('a'), '', keywords('49')), { hosts: 'a,b,c,d' })
    expect(more.summary.untouched).toEqual(['c', 'd'])
    const all = await run(play(fails('a', 'b') + after, '', keywords('100')), { hosts: 'a,b,c,d' })
    expect(all.lines.filter(line => line.endsWith('after'))).toEqual(['c: ok after', 'd: ok after'])
  })

  it('a rescued host does not count for max_fail_percentage', async () => {
    const tasks = `- block:\n${fails('a').replace(/^/gm, '    ').trimEnd()}\n  rescue: [{ name: saved, debug: x }]\n${after}`
    const ran = await run(play(tasks, '', 'serial: 1\nmax_fail_percentage: 0'), { hosts: 'a,b' })
    expect([ran.exit, ran.lines.filter(line => line.endsWith('after'))]).toEqual([0, ['a: ok after', 'b: ok after']])
  })
})

describe('any_errors_fatal', () => {
  // Ansible: with serial, an unreachable host stops the rest of batch 1, and batch 2 starts.
  it.each([
    ['an unreachable host', without('a'), look, 4],
    ['all of a batch unreachable', without('a', 'b'), look, 4],
    ['a failed host', {}, fails('a'), 2],
  ])('any_errors_fatal with %s starts no later batch and no later play', async (_, more, tasks, exit) => {
    const ran = await run(
      `${play(tasks + after, '', 'serial: 2\nstrategy: linear\nany_errors_fatal: true')}- hosts: all\n  tasks:\n    - { name: later, debug: x }\n`,
      { hosts: 'a,b,c,d', ...more },
    )
    expect([ran.exit, ran.lines.filter(line => /after|later/.test(line))]).toEqual([exit, []])
    expect(ran.summary.untouched?.filter(name => name !== 'b')).toEqual(['c', 'd'])
    expect(ran.warnings[0]).toContain('any_errors_fatal is set')
  })

  it('with the linear strategy the fatal task finishes on all hosts, then only always and forced handlers run', async () => {
    const text = `- hosts: all
  strategy: linear
  force_handlers: true
  tasks:
    - { name: change, command: "true", notify: h }
    - block:
        - { name: n, shell: "exit {{ 1 if inventory_hostname == 'a' else 0 }}", changed_when: false, any_errors_fatal: true }
        - { name: never, debug: x }
      always: [{ name: always, debug: x }]
    - { name: never, debug: x }
  handlers: [{ name: h, debug: x }]
`
    const ran = await run(text, { hosts: 'a,b,c', forks: 1 })
    expect(ran.lines.toSorted()).toEqual(
      [
        ...['a', 'b', 'c'].flatMap(host => [`${host}: changed change`, `${host}: ok always`, `${host}: ok h`]),
        'a: failed n',
        'b: ok n',
        'c: ok n',
      ].toSorted(),
    )
    expect([ran.exit, ran.summary.stopped]).toEqual([2, ['b', 'c']])
  })

  it('with the free strategy the other hosts stop before their next step', async () => {
    const tasks = `- { name: n, shell: "exit {{ 1 if inventory_hostname == 'a' else 0 }}", any_errors_fatal: true }
- { name: slow, shell: "sleep 0.5", when: inventory_hostname == "b" }
${after}`
    const ran = await run(play(tasks), { hosts: 'a,b' })
    expect(ran.lines).not.toContain('b: ok after')
    expect([ran.exit, ran.summary.stopped]).toEqual([2, ['b']])
  })

  // Ansible reads the text of the template, and any text is true.
  it.each([
    ['"{{ false }}"', 3],
    ['"{{ strict }}"', 3],
    ['"{{ not strict }}"', 0],
    ['"{{ nothing_defines_this }}"', 0],
  ])('any_errors_fatal may be the template %s', async (value, others) => {
    const ran = await run(
      play(fails('a') + after, '', `strategy: linear\nvars: { strict: false }\nany_errors_fatal: ${value}`),
      { hosts: 'a,b,c,d' },
    )
    expect(ran.lines.filter(line => line.endsWith('after'))).toHaveLength(others)
  })

  it('a rescued failure is not fatal', async () => {
    const tasks = `- any_errors_fatal: true\n  block:\n${fails('a').replace(/^/gm, '    ').trimEnd()}\n  rescue: [{ name: saved, debug: x }]\n${after}`
    const ran = await run(play(tasks, '', 'strategy: linear'), { hosts: 'a,b' })
    expect([ran.exit, ran.lines.filter(line => line.endsWith('after')).length]).toEqual([0, 2])
  })
})

describe('unreachable hosts', () => {
  it('an unreachable host runs neither rescue nor always', async () => {
    const tasks = `- block:\n    ${look}  rescue: [{ name: saved, debug: x }]\n  always: [{ name: always, debug: x }]\n`
    const ran = await run(play(tasks), { hosts: 'a', ...without('a') })
    expect([ran.exit, ran.lines]).toEqual([4, ['a: unreachable connection']])
  })

  it('an unreachable host goes on with its next task under ignore_unreachable', async () => {
    let times = 0
    const ran = await run(
      play(
        `${look.replace(' }', ', ignore_unreachable: true, register: r }')}- { name: m, assert: "r.unreachable and not r.failed" }\n${look}`,
      ),
      { hosts: 'a', answers: () => (times++ === 0 ? 'lost' : {}) },
    )
    expect([ran.exit, ran.lines]).toEqual([0, ['a: ignored look', 'a: ok m', 'a: ok look']])
  })
})

describe('Ctrl-C in a rollout', () => {
  it('Ctrl-C starts no further host or batch, and the untouched hosts are named', async () => {
    const stop = new AbortController()
    const text = play('- { name: n, shell: "sleep 0.3" }\n- { name: m, debug: x }\n', '', 'serial: 2')
    const started = run(text, { hosts: 'a,b,c', signal: stop.signal, forks: 1 })
    setTimeout(() => stop.abort('SIGINT'), 150)
    const ran = await started
    expect([ran.exit, ran.lines]).toEqual([130, ['a: changed n']])
    expect([ran.summary.stopped, ran.summary.untouched]).toEqual([['a'], ['b', 'c']])
    expect(ran.warnings).toEqual(['interrupted; 2 hosts were not touched: b, c'])
  })

  it('Ctrl-C wakes hosts that wait for others in the linear strategy', async () => {
    const stop = new AbortController()
    const tasks =
      '- { name: n, shell: "sleep {{ 0.3 if inventory_hostname == \'a\' else 0 }}" }\n- { name: m, debug: x }\n'
    const started = run(play(tasks, '', 'strategy: linear'), { hosts: 'a,b,c', signal: stop.signal })
    setTimeout(() => stop.abort('SIGINT'), 150)
    const ran = await started
    expect([ran.exit, ran.lines.filter(line => line.endsWith('m'))]).toEqual([130, []])
  })

  it.each([
    ['a change', '- { name: n, command: x, changed_when: false }\n'],
    ['a look', '- { name: n, wait-for: { path: /x, timeout: 0 } }\n'],
    ['the facts', '- { name: n, debug: "{{ ansible_system }}" }\n'],
  ])('Ctrl-C does not wait for %s that hangs longer than the grace period', async (_, tasks) => {
    const stop = new AbortController()
    const started = run(play(tasks), { hosts: 'a', signal: stop.signal, grace: 0.1, answers: () => 'hang' })
    setTimeout(() => stop.abort('SIGINT'), 50)
    expect((await started).exit).toBe(130)
  })
})
