// Accounts made by the real useradd, in a view of this machine that is thrown away.
import { afterAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import systemUser from '../../src/tasks/accounts/system-user.ts'
import { userScript } from '../../src/text/sh.ts'
import { decided, look } from '../tasks/stages.ts'
import { openView, viewFolder } from './private-view.ts'

const wanted = process.env['MLPLAY_E2E'] === '1' && process.getuid?.() === 0
const { path: folder, remove } = viewFolder('users')
afterAll(remove)

const setup = `echo 'domain users:x:54321:' >> /etc/group; echo 'mltaken:x:54322:' >> /etc/group`

describe.skipIf(!wanted)('an account', () => {
  const turns = async (rows: readonly JsonObject[], shell = 'dash') => {
    const view = openView(folder, { shell, setup })
    try {
      const said: string[] = []
      for (const params of rows) {
        const plan = decided(systemUser, params, { state: await look(view, systemUser, params) })
        const codes: number[] = []
        for (const { sh: script } of plan.changes) codes.push((await view.run(script)).code)
        said.push(plan.problem ?? plan.changes.map(({ what }, i) => `${what}: ${codes[i]}`).join('; '))
      }
      return { said, groups: Buffer.from((await view.run(userScript('id -Gn mlnew mltaken'))).stdout).toString() }
    } finally {
      await view.close()
    }
  }

  it.each(['dash', 'bash --posix', 'busybox sh'])(
    'is made, put into groups, changed and removed by %s',
    async shell => {
      const { said } = await turns(
        [
          { name: 'mlnew', home: '/srv/mlnew', groups: ['domain users'] },
          { name: 'mlnew', home: '/srv/mlnew', groups: ['domain users'] },
          { name: 'mlnew', groups: ['domain users', 'daemon'], shell: '/bin/sh' },
          { name: 'mlnew', groups: ['daemon', 'domain users'], shell: '/bin/sh' },
          { name: 'mltaken' },
          { name: 'mltaken' },
          { name: 'mlnew', groups: ['nobody-has-this'] },
          { name: 'mlnew', state: 'absent' },
          { name: 'mlnew', state: 'absent' },
        ],
        shell,
      )
      expect(said).toEqual([
        'create account mlnew: 0',
        '',
        'set shell of account mlnew to /bin/sh: 0; add account mlnew to daemon: 0',
        '',
        'create account mltaken: 0',
        '',
        "there is no group 'nobody-has-this' on this host",
        'remove account mlnew: 0',
        '',
      ])
    },
  )
})
