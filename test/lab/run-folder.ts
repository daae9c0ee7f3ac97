import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, must } from './command.ts'
import { runsFolder } from './places.ts'

const takeDownScript = join(import.meta.dirname, 'take-down.sh')

/** A lab's place: its folder, its bridge and the first three numbers of its addresses, all of one name. */
export interface RunFolder {
  readonly folder: string
  readonly bridge: string
  readonly subnet: string
}

/** What a pid means: the program that has it, since when. */
const startOf = (pid: number): string | undefined => {
  const path = `/proc/${pid}/stat`
  return existsSync(path) ? readFileSync(path, 'utf8').replace(/.*\) /, '').split(' ')[19] : undefined
}

const ownerIs = (folder: string): 'kept' | 'alive' | 'dead' => {
  const path = join(folder, 'owner')
  if (!existsSync(path)) return 'dead'
  const [pid = '', started] = readFileSync(path, 'utf8').trim().split(' ')
  if (pid === 'kept') return 'kept'
  return startOf(Number(pid)) === started ? 'alive' : 'dead'
}

/** The folders of all labs that are up, whoever brought them up. */
export const runFolders = (): readonly string[] =>
  existsSync(runsFolder)
    ? readdirSync(runsFolder)
        .filter(name => /^\d+-\d+$/.test(name))
        .map(name => join(runsFolder, name))
    : []

/** Those of them that a person left up. */
export const keptFolders = (): readonly string[] => runFolders().filter(folder => ownerIs(folder) === 'kept')

/** Removes one lab and all that it put on this machine. */
export const takeDown = (folder: string): Promise<string> => must(['sh', takeDownScript, folder])

/** Removes what runs that ended without a word have left behind. */
export async function sweep(): Promise<void> {
  for (const folder of runFolders()) if (ownerIs(folder) === 'dead') await takeDown(folder)
}

/** From here on the lab is a person's: it stays up when this process ends. */
export const keepUp = (folder: string): void => writeFileSync(join(folder, 'owner'), 'kept\n')

/** Claims a name, a subnet and a bridge that nobody on this machine has. */
export async function claimRun(): Promise<RunFolder> {
  await sweep()
  mkdirSync(runsFolder, { recursive: true })
  for (let tries = 0; tries < 50; tries++) {
    const [a, b] = [randomInt(200, 255), randomInt(0, 255)]
    const run = { folder: join(runsFolder, `${a}-${b}`), bridge: `mlp${a}-${b}`, subnet: `10.${a}.${b}` }
    const routes = await must(['ip', '-4', 'route', 'show', 'match', `${run.subnet}.0/24`])
    if (existsSync(run.folder) || routes.split('\n').some(line => line !== '' && !line.startsWith('default'))) continue
    if (!claimFolder(run)) continue
    const added = await command(['ip', 'link', 'add', run.bridge, 'type', 'bridge'])
    if (added.code === 0) {
      await must(['ip', 'address', 'add', `${run.subnet}.1/24`, 'dev', run.bridge])
      await must(['ip', 'link', 'set', run.bridge, 'up'])
      return run
    }
    rmSync(run.folder, { recursive: true })
    if (!/exists/.test(added.stderr)) throw new Error(`the lab cannot make a bridge: ${added.stderr.trim()}`)
  }
  throw new Error('the lab found no free subnet in 10.200.0.0 to 10.254.254.255')
}

/** Whole or not at all: a folder is never seen without its owner, or a sweep could not tell whose it is. */
function claimFolder(run: RunFolder): boolean {
  const fresh = join(runsFolder, `.new-${process.pid}-${randomInt(1e9)}`)
  mkdirSync(join(fresh, 'hosts'), { recursive: true })
  writeFileSync(join(fresh, 'owner'), `${process.pid} ${startOf(process.pid)}\n`)
  writeFileSync(join(fresh, 'bridge'), `${run.bridge}\n`)
  try {
    renameSync(fresh, run.folder)
    return true
  } catch {
    rmSync(fresh, { recursive: true })
    return false
  }
}

/**
 * Takes the lab down when this process closes the pipe, or ends, however it ends: a program of its own that reads a pipe
 * outlives Ctrl-C and a SIGKILL of the test runner.
 */
export function reaperOf(folder: string): () => Promise<void> {
  const script = `cat; grep -qx kept "$1/owner" || { sh "$0" "$1" >"$1.log" 2>&1 && rm -f "$1.log"; }`
  const child = spawn('sh', ['-c', script, takeDownScript, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  const ended = new Promise<number | null>(done => child.once('close', done))
  return async () => {
    child.ref()
    child.stdin.end()
    const code = await ended
    const log = `${folder}.log`
    if (code !== 0)
      throw new Error(`the lab ${folder} was not taken down: ${existsSync(log) && readFileSync(log, 'utf8')}`)
  }
}
