import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from '../measure.ts'
import { python, versionOf } from '../python.ts'
import { type Engine, roleFolder } from './engine.ts'

/** pyinfra from PyPI, all hosts at once. */
export async function pyinfra(): Promise<Engine> {
  const interpreter = await python(['pyinfra'])
  return {
    name: `pyinfra ${await versionOf(interpreter, 'pyinfra')}`,
    run: async (place, { dry, rate }) => {
      const data = { ...roleVars(), ...(rate === undefined ? {} : { app_rate: String(rate) }) }
      const argv = [interpreter, '-m', 'pyinfra', '--parallel', String(place.hosts.length), place.pyinfraInventory]
      for (const [name, value] of Object.entries(data)) argv.push('--data', `${name}=${value}`)
      argv.push('site.py')
      // `-y` would have a dry run look at nothing; without `--dry` it saves the run from looking twice.
      argv.push(dry ? '--dry' : '-y')
      const measured = await measure({ argv, cwd: join(roleFolder, 'pyinfra') })
      const total = /Grand total\s+\d+\s+(\d+|-)/.exec(measured.stderr)?.[1]
      if (dry) return { ...measured, changed: Number(/a rate limit\s+(\d+)/.exec(measured.stderr)?.[1] ?? 0) }
      if (total === undefined) throw new Error(`pyinfra did not get through:\n${measured.stderr.slice(-2000)}`)
      // `nginx -t` is a command to it, and so a change each time.
      return { ...measured, changed: Number(total) - place.hosts.length }
    },
  }
}

const roleVars = (): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(join(roleFolder, 'vars.yml'), 'utf8').matchAll(/^(\w+): "?([^"\n]*)"?$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  )
