import { describe, expect, it } from 'vitest'
import { exchange } from '../../src/shell/exchange.ts'
import { FrameReader, MAX_OUTPUT, NOT_RUN, TIMED_OUT } from '../../src/shell/frame.ts'
import { openLocal } from '../../src/shell/local.ts'
import { spawnProgram } from '../../src/shell/spawned.ts'
import { userScript } from '../../src/text/sh.ts'

const shells = [['dash'], ['bash'], ['busybox', 'sh']]
const command = (text: string) => ({ script: userScript(text), chained: true, command: true })
const look = (text: string) => ({ script: userScript(text) })

describe.each(shells)('the commands of a user on %s', (...argv) => {
  const asked = async (parts: Parameters<ReturnType<typeof openLocal>['runAll']>[0][]) => {
    const shell = openLocal({ argv, env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    try {
      const all = []
      for (const frame of parts)
        for (const { code, stdout } of await shell.runAll(frame)) all.push([code, Buffer.from(stdout).toString()])
      return all
    } finally {
      await shell.close()
    }
  }

  it('kill $$ ends the command but not the long-lived shell', async () => {
    expect(await asked([[command('kill $$; sleep 5'), look('echo there')]])).toEqual([
      [143, ''],
      [0, 'there\n'],
    ])
  })

  it('a command has the locale of its host, a probe has C', async () => {
    expect(await asked([[command("echo é | sed 's/./X/g'; echo $LC_ALL"), look('echo $LC_ALL')]])).toEqual([
      [0, 'X\nC.UTF-8\n'],
      [0, 'C\n'],
    ])
  })

  it('a command has empty stdin and keeps its quotes and newlines', async () => {
    expect(await asked([[command(`cat\nprintf '%s\\n' "it's" 'a\nb'`)]])).toEqual([[0, "it's\na\nb\n"]])
  })

  it('later output of a background child is not mixed with other answers', async () => {
    const [first, second, third] = [
      [command('( sleep 0.3; echo INTRUDER; echo INTRUDER >&2 ) & echo one'), look('echo worth nothing')],
      [command('sleep 0.7; echo two')],
      [command('echo three')],
    ]
    expect(await asked([first, second, third])).toEqual([
      [0, 'one\n'],
      [NOT_RUN, ''],
      [0, 'two\n'],
      [0, 'three\n'],
    ])
  })

  it('a background child without access to the streams does not require a new shell', async () => {
    const shell = openLocal({ argv })
    await shell.runAll([command('sleep 1 >/dev/null 2>&1 & echo one')])
    const [pid, again] = await Promise.all([
      shell.run(userScript('echo $PPID $$')),
      shell.run(userScript('echo $PPID $$')),
    ])
    await shell.close()
    expect(pid.stdout).toEqual(again.stdout)
  })
})

describe('the output of one host is bounded', () => {
  it('60 MB of output are cut, and the dropped bytes are counted', async () => {
    const shell = openLocal()
    const [output] = await shell.runAll([command('head -c 60000000 /dev/zero')])
    await shell.close()
    expect(output?.stdout).toHaveLength(MAX_OUTPUT)
    expect(output?.dropped).toBe(60_000_000 - MAX_OUTPUT)
    expect(output?.code).toBe(0)
  })

  it('while one host prints endlessly, timers of others fire in time', async () => {
    const endless = openLocal()
    const stop = new AbortController()
    const printing = endless.runAll([command('yes')], { signal: stop.signal })
    const waits: number[] = []
    for (let i = 0; i < 20; i++) {
      const began = performance.now()
      await new Promise(resolve => setTimeout(resolve, 20))
      waits.push(performance.now() - began)
    }
    const used = process.memoryUsage().rss
    await new Promise(resolve => setTimeout(resolve, 1000))
    expect(process.memoryUsage().rss - used).toBeLessThan(64 * 1024 * 1024)
    stop.abort()
    expect((await printing)[0]?.code).toBe(TIMED_OUT)
    await endless.close()
    expect(waits.toSorted((a, b) => a - b)[10]).toBeLessThan(400)
  })

  it('output in small chunks is read in linear time', () => {
    const reader = new FrameReader('n'.repeat(24))
    const chunk = Buffer.alloc(1024, '\n')
    const began = performance.now()
    for (let i = 0; i < 60_000; i++) reader.push(chunk)
    reader.push(Buffer.from(`\x1e${'n'.repeat(24)} 3\x1e`))
    expect(performance.now() - began).toBeLessThan(2000)
    expect(reader.parts[0]).toMatchObject({ code: 3, dropped: 60_000 * 1024 - MAX_OUTPUT })
  })

  it.each([1, 2, 3, 7, 50])('a mark that arrives in pieces of %i bytes is found', size => {
    const reader = new FrameReader('abc')
    const bytes = Buffer.from('one\x1eabc 0\x1e\x1eabctwo\x1eabc 12+\x1erest')
    for (let i = 0; i < bytes.length; i += size) reader.push(bytes.subarray(i, i + size))
    expect(reader.parts.map(({ bytes: own, code, held }) => [own.toString(), code, held])).toEqual([
      ['one', 0, false],
      ['\x1eabctwo', 12, true],
    ])
    expect(reader.rest.toString()).toBe('rest')
  })
})

describe('a host that violates the protocol', () => {
  it.each(['', ' ', 'x', '-1', '1e3', '0 ', '0x0', '+', '99999999999999'])(
    'a mark with the code %j is a protocol error',
    async code => {
      const mark = 'cafecafe'
      const channel = spawnProgram([
        '/bin/sh',
        '-c',
        `read x; printf '\\036${mark} ${code}\\036'; printf '\\036${mark} 0\\036' >&2; sleep 5`,
      ])
      const answer = await exchange(channel, { frame: Buffer.from('x\n'), parts: 1, mark })
      channel.kill()
      channel.release()
      expect(answer).toMatchObject({ kind: 'lost', end: { connectionError: 'its answers do not follow the protocol' } })
    },
  )
})

describe('each part of a frame has its own timeout', () => {
  it('a part that times out is killed; earlier parts have their answers, later ones are not run', async () => {
    const shell = openLocal()
    const outputs = await shell.runAll([look('echo one'), { ...look('sleep 20'), timeout: 300 }, look('echo three')])
    expect(outputs.map(({ code, stdout }) => [code, Buffer.from(stdout).toString()])).toEqual([
      [0, 'one\n'],
      [TIMED_OUT, ''],
      [NOT_RUN, ''],
    ])
    expect((await shell.run(userScript('echo again'))).code).toBe(0)
    await shell.close()
  })
})
