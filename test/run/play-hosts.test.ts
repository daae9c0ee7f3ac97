import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

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
})
