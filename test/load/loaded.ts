import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { readPlaybook } from '../../src/load/playbook/load-playbook.ts'
import type { Fault } from '../../src/model/fault.ts'
import type { LoadedPlaybook } from '../../src/model/playbook.ts'
import { taskTypes } from '../../src/tasks/registry.ts'

export type Files = Readonly<Record<string, string>>

const root = mkdtempSync(join(tmpdir(), 'mlplay-loaded-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0

/** A new folder with these files. */
export function written(files: Files): string {
  const folder = join(root, String(count++))
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** `p.yml` of some files, and what is wrong with it: `file:line:column message`, without the name of `p.yml` itself. */
export async function loaded(files: Files): Promise<{
  readonly playbook: LoadedPlaybook
  readonly faults: readonly string[]
  readonly hints: readonly string[]
  readonly all: readonly Fault[]
}> {
  const folder = written(files)
  const { playbook, faults } = await readPlaybook('p.yml', {
    cwd: folder,
    types: taskTypes,

    packageUrl: '',
  })
  return {
    playbook,
    faults: faults.map(fault => told(fault, folder)),
    hints: faults.flatMap(({ hint }) => hint ?? []),
    all: faults,
  }
}

/** A fault in one line, with paths relative to the folder. */
export function told(fault: Fault, folder: string): string {
  const { at, message } = fault
  const short = (text: string) => text.replaceAll(`${folder}/`, '')
  if (at === undefined) return short(message)
  const file = short(at.file)
  return `${file === 'p.yml' ? '' : `${file}:`}${at.line}:${at.column} ${short(message)}`
}

/** A play for all hosts with these tasks. */
export const play = (tasks: string) => `- hosts: all\n  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}`
