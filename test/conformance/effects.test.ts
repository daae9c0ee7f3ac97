// A probe leaves no trace: samples of all task types are looked at in a view of the system folders that holds nothing but
// what was written since it was opened.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { openLocal } from '../../src/shell/local.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { sh, userScript } from '../../src/text/sh.ts'
import { samplesOf } from '../tasks/samples.ts'
import { question } from '../tasks/stages.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-effects-'))
mkdirSync(join(folder, 'view'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const views = ['etc', 'var', 'usr', 'root', 'home']
const setup = `mount --make-rprivate / && mount -t tmpfs none ${folder}/view && cd ${folder}/view || exit 1
for d in ${views.join(' ')}; do mkdir -p $d/up $d/work && mount -t overlay none -o lowerdir=/$d,upperdir=$PWD/$d/up,workdir=$PWD/$d/work /$d || exit 1; done
mount --bind . /mnt && mount -t tmpfs none /run && mount -t tmpfs none /tmp && mkdir /tmp/sample && cd /tmp/sample || exit 1`
const written = sh`cd /; find ${views.map(name => `/mnt/${name}/up`)} /run /tmp -exec stat -c '%n %F %a %u %g %s %Y %Z' {} + | sort`

const possible = ((): boolean => {
  try {
    execFileSync('unshare', ['-m', 'sh', '-c', setup], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
})()

const inFolder = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll('@DIR@', '/tmp/sample')
      .replaceAll('@FIXTURES@', join(import.meta.dirname, 'fixtures')),
  )

describe.skipIf(!possible)('a probe writes no file:', () => {
  for (const type of taskTypes.values())
    for (const sample of samplesOf(type.name)) {
      // nginx opens its log files to append nothing, which an overlay takes for writing: test/e2e/nginx-test.test.ts looks closer.
      const unlooked = type.probe === undefined || sample.needs?.includes('nginx') === true
      // What would install packages to begin with is looked at without them: the probe is the same.
      const given =
        sample.needs?.some(need => need === 'disposable' || need === 'view') === true ? sh`:` : (sample.given ?? sh`:`)
      it.skipIf(unlooked)(`${type.name}, ${sample.title}`, async () => {
        const shell = openLocal({ argv: ['unshare', '-m', 'sh', '-c', `${setup}; exec sh`], env: process.env })
        const look = async () => Buffer.from((await shell.run(written)).stdout).toString()
        try {
          await shell.run(given)
          const before = await look()
          await shell.run(question(type, inFolder(sample.params) as JsonObject, true))
          expect(await look()).toBe(before)
          // The view would have shown it.
          await shell.run(userScript('touch /etc/written /tmp/written'))
          expect(await look()).not.toBe(before)
        } finally {
          await shell.close()
        }
      })
    }
})
