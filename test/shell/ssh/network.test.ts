// Bad networks, busy hosts and ways round corners, against real sshds.
import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../../src/model/target.ts'
import { Unreachable } from '../../../src/shell/shell.ts'
import { sh } from '../../../src/text/sh.ts'
import { delayProxy } from '../../lab/delay-proxy.ts'
import { connector } from '../connector.ts'
import { type Account, account, freePort, noSshd, type Sshd, startSshd } from '../sshd.ts'

const why = noSshd()
let sshd: Sshd
let user: Account
const servers: Server[] = []

beforeAll(async () => {
  if (why !== undefined) return
  sshd = await startSshd()
  user = await account({})
}, 60_000)
afterAll(async () => {
  for (const server of servers) server.close()
  await user?.remove()
  await sshd?.stop()
}, 60_000)

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const trouble = async (more: Partial<Target>): Promise<string> => {
  const shell = connector().open(sshd.target(user.name, more))
  const error = await shell.run(sh`:`).catch((one: unknown) => one)
  await shell.close()
  if (error instanceof Unreachable) return error.message
  throw error
}

/** A port that does with each connection what it is told. */
const listener = async (serve: (socket: Socket) => void): Promise<number> => {
  const port = await freePort()
  const server = createServer(socket => {
    socket.on('error', () => {})
    serve(socket)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return port
}

/** A way to the sshd that can be cut, and that counts. */
const relay = async () => {
  const state = { open: new Set<Socket>(), count: 0, most: 0, drop: 0 }
  const port = await listener(socket => {
    if (state.drop-- > 0) return socket.destroy()
    state.count++
    state.open.add(socket)
    state.most = Math.max(state.most, state.open.size)
    const upstream = new (socket.constructor as new () => Socket)()
    upstream.on('error', () => {})
    upstream.connect(sshd.port, '127.0.0.1')
    socket.pipe(upstream).pipe(socket)
    socket.on('close', () => {
      state.open.delete(socket)
      upstream.destroy()
    })
  })
  return { ...state, state, ...known(port) }
}

/** A port that leads to the sshd under another number than its own: its key is known there too. */
const known = (port: number) => {
  const knownHosts = join(sshd.folder, `known${port}`)
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${sshd.hostKey('ed25519')}\n`)
  return { port, sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${knownHosts}`] }
}

describe.skipIf(why !== undefined)('a host that cannot be reached', () => {
  it('a closed port is reported', async () => {
    const port = await freePort()
    expect(await trouble({ port })).toBe(
      `cannot reach box (127.0.0.1:${port}): the connection was refused: is sshd running there, and on this port (ansible_port)?`,
    )
  })

  it('an unknown host name is reported', async () => {
    expect(await trouble({ address: 'nonesuch.invalid' })).toMatch(
      /^cannot reach box \(nonesuch.invalid:\d+\): (no such host name|the name cannot be resolved)/,
    )
  })

  it('a host that accepts the connection and sends nothing times out', async () => {
    const port = await listener(() => {})
    const began = performance.now()
    expect(await trouble({ port, connectTimeout: 500 })).toContain(
      'takes connections but did not speak SSH within 0.5 s: is it overloaded',
    )
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it('a server that is not SSH is reported', async () => {
    const port = await listener(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(await trouble({ port })).toBe(
      `what answers at box (127.0.0.1:${port}) is no SSH server; it says 'HTTP/1.1 400 Bad Request': check ansible_port`,
    )
  })

  it('a host that drops every connection is retried, and then given up', async () => {
    let tries = 0
    const port = await listener(socket => {
      tries++
      socket.destroy()
    })
    const said = await trouble({ port })
    expect(said).toContain('closed the connection before its SSH greeting: sshd there may be busy (MaxStartups)')
    expect(tries).toBe(6)
  }, 60_000)
})

describe.skipIf(why !== undefined)('a connection', () => {
  it('a connection dropped before the handshake is retried', async () => {
    const way = await relay()
    way.state.drop = 2
    const shell = connector().open(sshd.target(user.name, way))
    expect(text((await shell.run(sh`echo hi`)).stdout)).toBe('hi\n')
    await shell.close()
  })

  it('a connection lost during a script is unreachable with the reason, and the next script reconnects', async () => {
    const way = await relay()
    const shell = connector().open(sshd.target(user.name, way))
    await shell.run(sh`:`)
    setTimeout(() => {
      for (const socket of way.state.open) socket.resetAndDestroy()
    }, 300)
    await expect(shell.run(sh`sleep 5`)).rejects.toThrow(
      /^lost the connection to box: the (connection was reset|host closed the connection)$/,
    )
    expect(text((await shell.run(sh`echo again`)).stdout)).toBe('again\n')
    await shell.close()
  })

  it('a dead connection is detected by keepalive', async () => {
    const way = await relay()
    const sshArgs = [...way.sshArgs, '-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=1']
    const shell = connector().open(sshd.target(user.name, { port: way.port, sshArgs }))
    await shell.run(sh`:`)
    for (const socket of way.state.open) {
      socket.unpipe()
      socket.pause()
    }
    await expect(shell.run(sh`sleep 30`)).rejects.toThrow(
      'lost the connection to box: it no longer answers (keepalive)',
    )
    await shell.close()
  })

  it('all shells of a host share one connection, which is closed after the last', async () => {
    const way = await relay()
    const opener = connector()
    const target = sshd.target(user.name, way)
    const shells = Array.from({ length: 5 }, () => opener.open(target))
    await Promise.all(shells.map(shell => shell.run(sh`:`)))
    expect(way.state.count).toBe(1)
    await Promise.all(shells.map(shell => shell.close()))
    for (let tries = 0; way.state.open.size > 0 && tries < 40; tries++)
      await new Promise(resolve => setTimeout(resolve, 50))
    expect(way.state.open.size).toBe(0)
  })

  it('a login with the first answer takes nine round trips at the wire, where ssh takes eleven', async () => {
    const far = await delayProxy({ host: '127.0.0.1', port: sshd.port, delayMs: 40 })
    const shell = connector().open(sshd.target(user.name, known(far.port)))
    expect(text((await shell.run(sh`echo there`)).stdout)).toBe('there\n')
    expect(far.count()).toMatchObject({ connections: 1 })
    expect(far.count().roundTrips).toBeLessThanOrEqual(9)
    await shell.close()
    await far.close()
  })

  it('a frame takes one round trip, and nothing is sent before the first use', async () => {
    const way = await relay()
    const shell = connector().open(sshd.target(user.name, way))
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(way.state.count).toBe(0)
    await shell.runAll(Array.from({ length: 50 }, (_, i) => ({ script: sh`echo ${i}` })))
    expect(shell.roundTrips).toBe(1)
    await shell.close()
  })
})

describe.skipIf(why !== undefined)('an sshd with default settings', () => {
  it('50 shells log in to an sshd that drops more than ten unauthenticated connections', async () => {
    const opener = connector()
    const shells = Array.from({ length: 50 }, (_, i) => opener.open(sshd.target(user.name, { name: `h${i}` })))
    const answers = await Promise.all(shells.map((shell, i) => shell.run(sh`echo ${i}`)))
    expect(answers.map(({ stdout }) => text(stdout))).toEqual(shells.map((_, i) => `${i}\n`))
    await Promise.all(shells.map(shell => shell.close()))
  }, 60_000)

  it('an sshd that allows few sessions on a connection gets more connections', async () => {
    const few = await startSshd(['MaxSessions 2'])
    try {
      const opener = connector()
      const target = few.target(user.name)
      const shells = Array.from({ length: 6 }, () => opener.open(target))
      await Promise.all(shells.map(shell => shell.run(sh`:`)))
      const [first] = shells
      const payload = Buffer.alloc(200_000, 'x')
      expect(text((await first?.run(sh`wc -c <"$payload"`, { payload }))?.stdout ?? Buffer.of()).trim()).toBe('200000')
      await Promise.all(shells.map(shell => shell.close()))
    } finally {
      await few.stop()
    }
  }, 60_000)

  it('an sshd that allows no session is reported', async () => {
    const none = await startSshd(['MaxSessions 0'])
    try {
      const shell = connector().open(none.target(user.name))
      await expect(shell.run(sh`:`)).rejects.toThrow(/opens no session .*MaxSessions/)
      await shell.close()
    } finally {
      await none.stop()
    }
  })

  it('an account without a login shell is reported', async () => {
    const guest = await account({ shell: '/usr/sbin/nologin' })
    try {
      const shell = connector().open(sshd.target(guest.name))
      await expect(shell.run(sh`:`)).rejects.toThrow(
        /no shell on box: it ended at once with code 1: This account is currently not available/,
      )
      await shell.close()
    } finally {
      await guest.remove()
    }
  })

  it('an sshd without a common key exchange is reached through the system ssh', async () => {
    const modern = await startSshd(['KexAlgorithms sntrup761x25519-sha512@openssh.com'])
    try {
      const shell = connector().open(modern.target(user.name))
      expect(text((await shell.run(sh`echo post-quantum`)).stdout)).toBe('post-quantum\n')
      await shell.close()
    } finally {
      await modern.stop()
    }
  })
})

describe.skipIf(why !== undefined)('through a jump host', () => {
  const viaConfig = async (text: string): Promise<Partial<Target>> => {
    const file = join(sshd.folder, `config${Math.random()}`)
    const common = `Host *\n  UserKnownHostsFile ${sshd.folder}/known-jump\n  IdentityFile ${sshd.key}\n  User ${user.name}\n`
    writeFileSync(file, `${text}\n${common}`)
    return { sshArgs: ['-F', file], privateKeyFile: undefined } as unknown as Partial<Target>
  }

  it('one connection to a jump host serves all hosts behind it, and a chain works', async () => {
    const [jump, second] = [await relay(), await relay()]
    const names = [jump.port, second.port, sshd.port].map(port => `[127.0.0.1]:${port}`).join(',')
    writeFileSync(join(sshd.folder, 'known-jump'), `${names} ${sshd.hostKey('ed25519')}\n`)
    const via = await viaConfig(
      `Host bastion\n  HostName 127.0.0.1\n  Port ${jump.port}\nHost inner\n  HostName 127.0.0.1\n  Port ${second.port}\n  ProxyJump bastion\nHost 127.0.0.1\n  ProxyJump inner\n`,
    )
    const opener = connector()
    const shells = Array.from({ length: 12 }, (_, i) => opener.open(sshd.target(user.name, { ...via, name: `h${i}` })))
    const answers = await Promise.all(shells.map(shell => shell.run(sh`echo "$SSH_CONNECTION"`)))
    expect(answers.every(({ code }) => code === 0)).toBe(true)
    expect([jump.state.count, second.state.count]).toEqual([1, 1])
    await Promise.all(shells.map(shell => shell.close()))
    const later = opener.open(sshd.target(user.name, { ...via, name: 'of the next batch' }))
    await later.run(sh`:`)
    await later.close()
    expect([jump.state.count, second.state.count]).toEqual([1, 1])
    await opener.close()
    for (let tries = 0; jump.state.open.size > 0 && tries < 40; tries++)
      await new Promise(resolve => setTimeout(resolve, 50))
    expect([jump.state.open.size, second.state.open.size]).toEqual([0, 0])
  })

  it('a jump host that is missing or cannot connect further is named with the target', async () => {
    const nobody = await freePort()
    const away = await viaConfig(
      `Host bastion\n  HostName 127.0.0.1\n  Port ${nobody}\nHost 127.0.0.1\n  ProxyJump bastion\n`,
    )
    expect(await trouble(away)).toContain(
      `cannot reach box (127.0.0.1:${sshd.port}): its jump host fails: cannot reach bastion (127.0.0.1:${nobody}): the connection was refused`,
    )
    writeFileSync(join(sshd.folder, 'known-jump'), `[127.0.0.1]:${sshd.port} ${sshd.hostKey('ed25519')}\n`)
    const stuck = await viaConfig(
      `Host bastion\n  HostName 127.0.0.1\n  Port ${sshd.port}\nHost 127.0.0.1\n  ProxyJump bastion\n`,
    )
    expect(await trouble({ ...stuck, port: nobody })).toMatch(
      new RegExp(`cannot reach box \\(127.0.0.1:${nobody}\\) from the jump host bastion: .*refused`),
    )
  })

  it('a circular ProxyJump is an error', async () => {
    const round = await viaConfig(
      'Host bastion\n  HostName 127.0.0.1\n  ProxyJump other\nHost other\n  HostName 127.0.0.1\n  ProxyJump bastion\nHost 127.0.0.1\n  ProxyJump bastion\n',
    )
    expect(await trouble(round)).toContain('is circular')
  })
})

describe.skipIf(why !== undefined)('a process', () => {
  it('a process exits by itself once its shells are closed', async () => {
    const script = `
      const { connector } = await import('${import.meta.dirname}/../connector.ts')
      const { sh } = await import('${import.meta.dirname}/../../../src/text/sh.ts')
      const shell = connector().open(${JSON.stringify(sshd.target(user.name))})
      const { stdout } = await shell.run(sh\`echo hi\`)
      await shell.close()
      process.stdout.write(stdout)
    `
    const bundle = execFileSync(
      'npx',
      [
        'esbuild',
        '--bundle',
        '--platform=node',
        '--format=cjs',
        '--log-level=error',
        '--external:cpu-features',
        '--external:*.node',
        '--external:ssh2',
        '--external:node-ssh',
      ],
      {
        input: `void (async () => {${script}})()`,
        cwd: join(import.meta.dirname, '../../..'),
      },
    )
    const child = spawn(process.execPath, ['-'], {
      cwd: join(import.meta.dirname, '../../..'),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.stdin.end(bundle)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    const code = await new Promise(resolve => child.once('exit', resolve))
    expect([code, said]).toEqual([0, 'hi\n'])
  })
})
