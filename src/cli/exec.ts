import { checkRun } from '../check/check-run.ts'
import { nothingInherited } from '../load/playbook/inherit.ts'
import { Fault } from '../model/fault.ts'
import type { LoadedPlaybook } from '../model/playbook.ts'
import { taskTypes } from '../tasks/registry.ts'
import { inventoriesIn, withInventory } from './find-inventory.ts'
import { prepare } from './prepare.ts'
import { type RunOptions, runPrepared, withLimit } from './run.ts'

/** `mlplay exec`: runs a play of one task, so that everything works as in a run. */
export async function exec(pattern: string, command: readonly string[], given: RunOptions): Promise<number> {
  const options = withLimit(withInventory(given))
  const prepared = await prepare([], options)
  const playbooks = [playbookOf(pattern, command)]
  const faults = checkRun({
    playbooks,
    inventory: prepared.inventory,
    limit: options.limit,
    tags: [],
    skipTags: [],
    inventories: inventoriesIn(process.cwd()),
  })
  if (faults.length > 0) throw Fault.of(faults.map(fault => new Fault(fault.code, fault.message, { hint: fault.hint })))
  return await runPrepared({ ...prepared, playbooks }, options, options.output ?? 'exec')
}

function playbookOf(pattern: string, command: readonly string[]): LoadedPlaybook {
  const [only = ''] = command
  const at = { file: 'command line', line: 1, column: 1 }
  const type = command.length === 1 ? 'shell' : 'command'
  // Braces in the command are literal: it is no template.
  const raw = (text: string) => (/\{[{%#]/.test(text) ? `{{ ${JSON.stringify(text)} }}` : text)
  return {
    file: 'command line',
    types: taskTypes,
    sources: new Map(),
    plays: [
      {
        name: `exec ${pattern}`,
        address: 'command line/0',
        at,
        source: { file: at.file, path: [] },
        folder: process.cwd(),
        hosts: pattern,
        hostsAt: at,
        vars: {},
        vars_files: [],
        gather_facts: false,
        roles: [],
        pre_tasks: [],
        tasks: [
          {
            kind: 'task',
            address: 'command line/0/tasks/0',
            name: command.join(' '),
            named: true,
            type,
            params: type === 'shell' ? { cmd: raw(only) } : { argv: command.map(raw) },
            at,
            source: { file: at.file, path: [] },
            folder: process.cwd(),
            inherited: nothingInherited,
            listen: [],
          },
        ],
        post_tasks: [],
        handlers: [],
      },
    ],
  }
}
