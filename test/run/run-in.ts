import { loadInventory } from '../../src/load/inventory/load-inventory.ts'
import { loadPlaybook } from '../../src/load/playbook/load-playbook.ts'
import type { Event } from '../../src/model/event.ts'
import { runPlaybooks } from '../../src/run/rollout/run-playbooks.ts'
import type { RunRequest } from '../../src/run/state/request.ts'
import { taskTypes } from '../../src/tasks/registry.ts'

/** Runs `p.yml` of a folder on the hosts of its `inv`, with nobody there to be asked; gives the exit code and all events. */
export async function runIn(folder: string, more: Partial<RunRequest> = {}) {
  const events: Event[] = []
  const exit = await runPlaybooks({
    playbooks: [await loadPlaybook('p.yml', { cwd: folder, types: taskTypes, packageUrl: '' })],
    inventory: await loadInventory(['inv'], { cwd: folder }),
    check: false,
    tags: [],
    skipTags: [],
    extraVars: {},
    forks: 10,
    ask: (_, prompt) => Promise.reject(new Error(`nobody to ask for the ${prompt}`)),
    emit: event => events.push(event),
    signal: new AbortController().signal,
    environment: {
      env: process.env,
      cwd: folder,
      now: () => new Date(),
      random: bytes => new Uint8Array(bytes).fill(5),
    },
    ...more,
  })
  return { exit, events }
}
