// A look at nginx's configuration leaves nothing behind: a real nginx, in a view of this machine's folders that is thrown away.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import nginxTest from '../../src/tasks/nginx/nginx-test.ts'
import { sh, userScript } from '../../src/text/sh.ts'
import { decided, look } from '../tasks/stages.ts'
import { openView, viewFolder } from './private-view.ts'

const wanted = process.env['MLPLAY_E2E'] === '1' && process.getuid?.() === 0
const { path: folder, remove } = viewFolder('nginx')

const setup = `rm -rf /var/lib/nginx /var/log/nginx /etc/nginx; cp -a ${folder}/nginx/. / && mkdir -p /var/lib/nginx/fastcgi /var/log/nginx && chown 0:0 /var/lib/nginx/fastcgi`

const good = `# access_log /var/log/nginx/in-a-comment.log;
proxy_cache_path "/var/lib/nginx/my cache" levels=1:2 keys_zone=z:1m;
server { listen 8099; access_log
  /var/log/nginx/own.log; client_body_temp_path own-body; location / { access_log /var/log/nginx/$host.log; } }
`

const tree = sh`find /var/lib/nginx /var/log/nginx /run /usr/share/nginx /etc/nginx -exec stat -c '%n %F %U %a %s' {} + | sort`

describe.skipIf(!wanted)('nginx-test with a real nginx', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'debs'))
    execFileSync('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', 'nginx', 'nginx-common'], {
      cwd: join(folder, 'debs'),
      stdio: 'ignore',
    })
    execFileSync('sh', ['-c', 'for deb in debs/*.deb; do dpkg -x "$deb" nginx; done'], { cwd: folder })
  }, 120_000)
  afterAll(remove)

  it.each(
    ['dash', 'bash --posix', 'busybox sh'].flatMap(
      shell =>
        [
          [shell, 'accepted', good, undefined],
          [shell, 'refused while it is read', 'nonsense on;', 'unknown directive "nonsense"'],
          [shell, 'refused when it is tried', 'server { listen 203.0.113.7:80; }', 'bind() to 203.0.113.7:80 failed'],
        ] as const,
    ),
  )('by %s leaves no file and no owner behind when it is %s', async (shell, _, config, problem) => {
    const local = openView(folder, { shell, setup })
    const said = async (script: ReturnType<typeof sh>) => Buffer.from((await local.run(script)).stdout).toString()
    try {
      await local.run(sh`printf %s ${config} > /etc/nginx/conf.d/own.conf`)
      const before = await said(tree)
      const state = await look(local, nginxTest, {})
      expect(await said(tree)).toBe(before)
      const plan = decided(nginxTest, {}, { state })
      expect(plan.problem ?? '').toContain(problem ?? '')
      expect(plan.problem === undefined).toBe(problem === undefined)
      // The snapshot would show what nginx makes once it has read its files.
      if (problem?.startsWith('unknown') === true) return
      await local.run(userScript('nginx -t -q'))
      expect(await said(tree)).not.toBe(before)
    } finally {
      await local.close()
    }
  })
})
