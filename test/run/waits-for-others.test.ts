// Hosts go at their own pace, and yet what one host reads of another is what Ansible's task by task would give.
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const slow = (host: string) =>
  `- { name: set, shell: "test {{ inventory_hostname }} != ${host} || sleep 0.3; echo {{ inventory_hostname }}", register: got, changed_when: false }\n`
const reads = (of: string) => `- { name: read, debug: "{{ hostvars['${of}'].got.stdout | default('nothing') }}" }\n`

describe('a variable that another host is still to set', () => {
  it.each([1, 2, 5])('a reader waits for the variable with %i hosts running at once', async forks => {
    const all = `${slow('c')}- { name: all, debug: "{{ ansible_play_hosts | map('extract', hostvars) | map(attribute='got') | map(attribute='stdout') | join(',') }}" }\n`
    const ran = await run(play(all), { hosts: 'a,b,c', forks })
    expect([ran.exit, ran.messages]).toEqual([0, ['a,b,c', 'a,b,c', 'a,b,c']])
  })

  it('a reader does not wait for a host that has failed or ended', async () => {
    const failing = `${slow('b')}- { name: f, fail: x, when: inventory_hostname == 'b' }\n${reads('b')}`
    const ran = await run(play(failing, '', 'max_fail_percentage: 60'), { hosts: 'a,b', forks: 1 })
    expect(ran.lines).toContain('a: ok read')
    expect(ran.messages).toContain('b')
    const ending = `- { meta: end_host, when: "inventory_hostname == 'b'" }\n${slow('b')}${reads('b')}`
    expect((await run(play(ending), { hosts: 'a,b' })).messages).toEqual(['nothing'])
  })

  it('a task that is delegated to that host, and a run_once task, wait for the variable', async () => {
    const away = `${slow('b')}- { name: away, command: "echo {{ hostvars.b.got.stdout }}", delegate_to: b, changed_when: false, register: r }\n- { name: told, debug: "{{ r.stdout }}" }\n`
    expect((await run(play(away), { hosts: 'a,b' })).messages).toEqual(['b', 'b'])
    const once = `${slow('c')}- { name: once, command: "echo {{ hostvars.c.got.stdout }}", run_once: true, changed_when: false, register: r }\n- { name: told, debug: "{{ r.stdout }}" }\n`
    expect((await run(play(once), { hosts: 'a,b,c', forks: 2 })).messages).toEqual(['c', 'c', 'c'])
  })

  it('a throttled handler waits while the other host takes its turn first', async () => {
    const text = play(
      `${slow('b')}- { name: n, command: "true", notify: h }\n`,
      '- { name: h, debug: "{{ hostvars.b.got.stdout }}", throttle: 1 }\n',
    )
    expect((await run(text, { hosts: 'a,b' })).messages).toEqual(['b', 'b'])
  })

  it('waiting ends when the run is interrupted', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort('SIGINT'), 200)
    const text = play(
      `- { name: set, shell: "test {{ inventory_hostname }} = a || sleep 1", register: got }\n${reads('c')}`,
    )
    const ran = await run(text, { hosts: 'a,b,c', forks: 2, signal: stop.signal })
    expect(ran.exit).toBe(130)
  })
})

it('facts of another host are gathered although that host never reads them', async () => {
  const text = play(
    "- { name: read, debug: \"{{ hostvars['b'].ansible_system }}\", when: inventory_hostname == 'a' }\n",
  )
  const ran = await run(text, { hosts: 'a,b' })
  expect([ran.exit, ran.messages]).toEqual([0, ['Linux']])
})

it('a host is looked at again after another one has changed something on it', async () => {
  const text = play(
    `- { name: first, command: "true", changed_when: false }
- { name: away, copy-file: { dest: "@/f", content: "x" }, delegate_to: b, when: "inventory_hostname == 'a'" }
- { name: same, copy-file: { dest: "@/f", content: "x" }, when: "inventory_hostname == 'b'" }
`,
    '',
    'strategy: linear',
  )
  const ran = await run(text, { hosts: 'a,b' })
  expect(ran.lines.filter(line => !line.includes('first') && !line.includes('skipped'))).toEqual([
    'a: changed away',
    'b: ok same',
  ])
})
