import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { play, run } from '../run/played.ts'
import { seen, template, variables } from './mlflow-env.ts'

describe('the environment file of MLflow', () => {
  it('a shell that reads the environment file gets each value as given', async () => {
    const { folder, exit } = await run(play(`- template-file: { src: ${template}, dest: @/env }`, '', variables))
    expect(exit).toBe(0)
    const names = Object.keys(seen)
    const said = execFileSync('/bin/sh', [
      '-c',
      `set -a; . ${folder}/env; ${names.map(name => `printf '%s\\0' "$${name}"`).join('; ')}`,
    ])
    const values = said.toString().split('\0')
    expect(Object.fromEntries(names.map((name, i) => [name, values[i]]))).toEqual(seen)
    expect(readFileSync(join(folder, 'env'), 'utf8')).toMatch(/^#.*\nMLFLOW_BACKEND_STORE_URI=/)
  })
})
