import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Plan } from '../../../src/model/task-type.ts'
import { openLocal } from '../../../src/shell/local.ts'
import portCheck from '../../../src/tasks/network/port-check.ts'
import { decided, look } from '../stages.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-ports-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const check = async (params: JsonObject): Promise<Plan> => {
  const shell = openLocal({ argv: ['/bin/dash'], env: process.env })
  try {
    return decided(portCheck, params, { state: await look(shell, portCheck, params) })
  } finally {
    await shell.close()
  }
}

/** A program of that name which listens. */
const listening = async (name: string) => {
  const free = await new Promise<number>(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })
  const program = join(folder, name)
  copyFileSync('/bin/busybox', program)
  const busy = spawn(program, ['-l', '-p', String(free)], { argv0: 'nc', stdio: 'ignore' })
  return { port: free, stop: () => busy.kill(), pid: busy.pid }
}

describe('port-check', () => {
  it.each([
    ['a program', 'plain'],
    ['a program with a blank in its name', 'Web Content'],
    ['a program whose name the kernel cuts', 'a-very-long-name-of-a-program'],
  ])('port-check recognises %s by its name', async (_, name) => {
    const { port, stop, pid } = await listening(name)
    try {
      for (let i = 0; i < 50 && (await check({ port })).problem === undefined; i++)
        await new Promise(done => setTimeout(done, 50))
      expect((await check({ port })).problem).toContain(`is taken by ${name.slice(0, 15)} (pid ${pid})`)
      expect(await check({ port, allow: ['other', name] })).toMatchObject({
        changes: [],
        result: { listening: true, owners: [`${name.slice(0, 15)} ${pid}`] },
      })
      expect((await check({ port, allow: [name.slice(0, 3)] })).problem).toContain('is taken by')
    } finally {
      stop()
    }
  })
})
