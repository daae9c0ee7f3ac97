import { readdirSync, readFileSync } from 'node:fs'
import type { Target } from '../model/target.ts'
import { quote } from '../text/sh.ts'
import type { Channel } from './channel.ts'
import { Unreachable } from './shell.ts'
import { remoteProgram, type SpawnOptions, spawnProgram } from './spawned.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Starts a program in a container on this machine. */
export function startInContainer(target: Target, argv: readonly string[], options: SpawnOptions): Channel {
  const name = target.address ?? target.name
  const inside =
    target.connection === 'nspawn'
      ? enterNspawn(name, target.user, argv)
      : [target.connection, 'exec', '-i', ...(target.user === undefined ? [] : ['-u', target.user]), name, ...argv]
  return remoteProgram(spawnProgram(inside, options), end =>
    end.connectionError === undefined
      ? end
      : {
          ...end,
          connectionError: /ENOENT/.test(end.connectionError)
            ? `the program ${inside[0]} is not installed here`
            : end.connectionError,
        },
  )
}

/** Enters the namespaces of a container's process, for containers that are not registered with machined. */
const enterNspawn = (name: string, user: string | undefined, argv: readonly string[]): readonly string[] => {
  const leader = leaderOf(name)
  if (leader === undefined)
    throw new Unreachable(`no container ${name} runs here: systemd-nspawn -M ${name} --boot starts one`)
  const account =
    user === undefined || user === 'root'
      ? argv
      : ['su', '-s', '/bin/sh', user, '-c', `exec ${argv.map(quote).join(' ')}`]
  return [
    'nsenter',
    '-t',
    String(leader),
    '-m',
    '-u',
    '-i',
    '-n',
    '-p',
    '-r',
    '-w',
    'env',
    '-i',
    `PATH=${PATH}`,
    'HOME=/root',
    'USER=root',
    'LOGNAME=root',
    'SHELL=/bin/sh',
    'LC_ALL=C',
    ...account,
  ]
}

/** The pid of a container's init: the child of its systemd-nspawn process. */
const leaderOf = (name: string): number | undefined => {
  for (const pid of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    const words = read(`/proc/${pid}/cmdline`).split('\0')
    if (!/(^|\/)systemd-nspawn$/.test(words[0] ?? '') || machineOf(words) !== name) continue
    const [child] = read(`/proc/${pid}/task/${pid}/children`).split(' ')
    if (child !== undefined && child !== '') return Number(child)
  }
  return undefined
}

const machineOf = (words: readonly string[]): string | undefined => {
  const at = words.findIndex(word => word === '-M' || word === '--machine')
  if (at >= 0) return words[at + 1]
  const given = words.find(word => word.startsWith('--machine=') || /^-M./.test(word))
  return given?.replace(/^(--machine=|-M)/, '')
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
