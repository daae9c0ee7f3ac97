import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HostKeys, verifyHostKey } from '../src/shell/ssh/host-keys.ts'
import { hashName } from '../src/shell/ssh/known-hosts.ts'
import { median } from './median.ts'

const TYPE = 'ssh-ed25519'
const sizes = [1000, 2000, 4000]

/** What known_hosts costs a fleet before its first task: all hosts known under hashed names, and all of them new. */
export async function knownHosts({ rounds }: { readonly rounds: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlplay-bench-keys-'))
  try {
    const rows = [
      ['known, names hashed', known],
      ['new, kept under hashed names (accept-new, from an empty file)', kept],
    ] as const
    console.log(`| ${['CPU for hosts', ...sizes, 'ratio of the last to the first'].join(' | ')} |`)
    console.log('| --- | --- | --- | --- | --- |')
    for (const [title, measured] of rows) {
      measured(folder, 100)
      const times = sizes.map(hosts => median(Array.from({ length: rounds }, () => measured(folder, hosts))))
      const ratio = (times.at(-1) ?? 0) / (times[0] ?? 1)
      console.log(`| ${[title, ...times.map(ms => `${(ms / 1000).toFixed(3)} s`), ratio.toFixed(1)].join(' | ')} |`)
    }
    console.log()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function known(folder: string, hosts: number): number {
  const file = join(folder, `known-${hosts}`)
  const lines = Array.from(
    { length: hosts },
    (_, n) => `${hashName(`host${n}`)} ${TYPE} ${keyOf(n).toString('base64')}\n`,
  )
  writeFileSync(file, lines.join(''))
  return timed(() => {
    const keys = new HostKeys()
    for (let n = 0; n < hosts; n++)
      if (verifyHostKey(keys.known(`host${n}`, 22, [file]), keyOf(n)).kind !== 'known')
        throw new Error(`host${n} is not known`)
  })
}

function kept(folder: string, hosts: number): number {
  const file = join(folder, `kept-${hosts}`)
  rmSync(file, { force: true })
  return timed(() => {
    const keys = new HostKeys()
    for (let n = 0; n < hosts; n++) {
      const one = keys.known(`host${n}`, 22, [file])
      if (verifyHostKey(one, keyOf(n)).kind !== 'new') throw new Error(`host${n} is not new`)
      keys.remember(one, keyOf(n), { file, hashed: true })
    }
  })
}

/** CPU milliseconds: for so long nothing else has its turn, whatever else the machine does. */
const timed = (action: () => void): number => {
  const began = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

const keyOf = (n: number): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(TYPE.length)
  const bytes = Buffer.alloc(32)
  bytes.writeUInt32BE(n)
  return Buffer.concat([length, Buffer.from(TYPE), bytes])
}
