import { describe, expect, it } from 'vitest'
import { play, run } from '../played.ts'

const two = `- hosts: web\n  tasks: [{ name: n, fail: x }]\n- hosts: web\n  tasks: [{ name: m, debug: x }]\n`
const inventoryText = '[web]\na ansible_connection=local\nb ansible_connection=local\n[none]\n'

describe('the hosts of a play', () => {
  it('a pattern without hosts is an error', async () => {
    await expect(run(play('- debug: x\n').replace('hosts: all', 'hosts: none'), { inventoryText })).rejects.toThrow(
      "the play 'none' has no hosts",
    )
  })

  it('a limit that matches none of the hosts is an error that lists them', async () => {
    await expect(
      run(play('- debug: x\n').replace('hosts: all', 'hosts: web'), { inventoryText, limit: 'all:!web' }),
    ).rejects.toMatchObject({
      message: "the limit 'all:!web' leaves no host of play 'web'",
      hint: 'its hosts are: a, b',
    })
  })

  it('a play whose hosts have all failed is skipped silently', async () => {
    const text = two.replace('hosts: web\n', 'hosts: web\n  max_fail_percentage: 100\n')
    const ran = await run(text, { inventoryText })
    expect([ran.exit, ran.lines.toSorted()]).toEqual([2, ['a: failed n', 'b: failed n']])
  })

  it('an invalid hosts pattern exits 3 before any host is touched, and later stops the run', async () => {
    const wrong = '- hosts: "{{ nobody }}"\n  tasks: [{ name: m, debug: x }]\n'
    await expect(run(wrong)).rejects.toMatchObject({ code: 'undefined-variable', at: { line: 1 } })
    const ran = await run(`${play('- { name: n, debug: x }\n')}${wrong}`)
    expect([ran.exit, ran.lines]).toEqual([2, ['localhost: ok n']])
    expect(ran.warnings[0]).toMatch(
      /^the run stops here: the play '.*' cannot run: .*p.yml:4:\d+ 'nobody' is undefined/,
    )
  })

  it('a host that refuses the connection is unreachable', async () => {
    const ran = await run(play('- { name: n, command: "true", changed_when: false }\n', '', 'serial: [2]'), {
      inventoryText:
        'a ansible_connection=local\ngone ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\nb ansible_connection=local\n',
    })
    expect([ran.exit, ran.lines.toSorted(), ran.summary.untouched]).toEqual([
      4,
      ['a: ok n', 'gone: unreachable connection'],
      ['b'],
    ])
  })
})
