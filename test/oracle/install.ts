import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** What the answers are taken from. A new version is a new folder. */
const packages = ['ansible-core==2.19.14', 'jinja2==3.1.6', 'passlib==1.7.4']
const home = join(tmpdir(), `mlplay-oracle-2.19.14-${userInfo().uid}`)
const ready = join(home, 'ready')
const lock = `${home}.lock`
const STALE = 5 * 60_000

/** The Python of a virtual environment that has ansible-core. Installed once, whichever test file asks first. */
export async function oraclePython(): Promise<string> {
  const python = join(home, 'bin', 'python')
  while (!existsSync(ready)) {
    if (!taken()) await setTimeout(200)
    else
      try {
        if (!existsSync(ready)) install(python)
      } finally {
        rmSync(lock, { recursive: true, force: true })
      }
  }
  return python
}

const install = (python: string): void => {
  execFileSync('python3', ['-m', 'venv', '--clear', home])
  execFileSync(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages], { stdio: 'inherit' })
  writeFileSync(ready, packages.join('\n'))
}

// Test files run in processes of their own: a folder can be made by one of them only.
const taken = (): boolean => {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (made !== undefined && Date.now() - made > STALE) rmSync(lock, { recursive: true, force: true })
    return false
  }
}
