import { describe, expect, it } from 'vitest'
import { play, run } from '../played.ts'

const two = `- hosts: web\n  tasks: [{ name: n, fail: x }]\n- hosts: web\n  tasks: [{ name: m, debug: x }]\n`
const inventoryText = '[web]\na ansible_connection=local\nb ansible_connection=local\n[none]\n'

describe('the hosts of a play', () => {
  it('none at all is a fault', async () => {
    await expect(run(play('- debug: x\n').replace('hosts: all', 'hosts: none'), { inventoryText })).rejects.toThrow(
      "the play 'none' has no hosts",
    )
  })

  it('none within the limit is a fault, with those there are', async () => {
    await expect(
      run(play('- debug: x\n').replace('hosts: all', 'hosts: web'), { inventoryText, limit: 'all:!web' }),
    ).rejects.toMatchObject({
      message: "the limit 'all:!web' leaves no host of play 'web'",
      hint: 'its hosts are: a, b',
    })
  })

  it('none but lost ones is none: that was told before', async () => {
    const text = two.replace('hosts: web\n', 'hosts: web\n  max_fail_percentage: 100\n')
    const ran = await run(text, { inventoryText })
    expect([ran.exit, ran.lines.toSorted()]).toEqual([2, ['a: failed n', 'b: failed n']])
  })

  it('that cannot be told is bad input before the first host, and stops the run after it', async () => {
    const wrong = '- hosts: "{{ nobody }}"\n  tasks: [{ name: m, debug: x }]\n'
    await expect(run(wrong)).rejects.toMatchObject({ code: 'undefined-variable', at: { line: 1 } })
    const ran = await run(`${play('- { name: n, debug: x }\n')}${wrong}`)
    expect([ran.exit, ran.lines]).toEqual([2, ['localhost: ok n']])
    expect(ran.warnings[0]).toMatch(
      /^the run stops here: the play '.*' cannot run: .*p.yml:4:\d+ 'nobody' is undefined/,
    )
  })

  it('of which one refuses the connection: lost, for real', async () => {
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
