import type { Json } from '../../model/json.ts'
import { readJson } from '../../model/read-json.ts'
import { visibleLine, visibleLines } from '../../text/visible.ts'
import { isMap } from '../playbook/loading.ts'
import { checkHostName, InvalidHostName } from './host-range.ts'
import type { Draft, DraftGroup } from './inventory-draft.ts'

/** How a program on this machine ended. */
export interface ProgramEnd {
  readonly stdout: string
  readonly stderr: string
  /** Why its output is not to be trusted: `ended with code 3`. */
  readonly error?: string
  readonly hint?: string
}

/** Runs a program of the user's without a shell. Whoever loads an inventory says how: this floor starts no processes. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<ProgramEnd>

interface Asking {
  readonly file: string
  readonly draft: Draft
  readonly runProgram: RunProgram
}

// A cloud that is asked for each host must not be asked for all of them at once.
const ASKED_AT_ONCE = 10
const STDERR_SHOWN = 10

/** Asks an executable inventory what it holds, by Ansible's protocol: `--list`, and `--host NAME` unless `_meta` tells all. */
export async function readProgram(asking: Asking): Promise<void> {
  const answer = await ask(asking, ['--list'])
  if (answer === undefined) return
  const { _meta: meta, ...groups } = answer
  const named = new Set<string>()
  for (const [name, value] of Object.entries(groups)) for (const host of readGroup(name, value, asking)) named.add(host)
  const told = isMap(meta) ? meta['hostvars'] : undefined
  if (told !== undefined && !isMap(told)) wrong(asking, '_meta.hostvars of --list is a map of hosts')
  else if (told !== undefined) {
    // Of hosts in no group nothing is said: Ansible leaves them out, too.
    for (const name of named) if (Object.hasOwn(told, name)) setHostVars(name, told[name] ?? null, asking)
  } else await askEach([...named], asking)
}

const askEach = async (names: readonly string[], asking: Asking): Promise<void> => {
  const answers = new Map<string, Readonly<Record<string, Json>>>()
  const queue = [...names]
  let failed = false
  const worker = async () => {
    // The first failure is enough: a thousand hosts would tell the same story.
    for (let name = queue.shift(); name !== undefined && !failed; name = queue.shift()) {
      const answer = await ask(asking, ['--host', name])
      if (answer === undefined) failed = true
      else answers.set(name, answer)
    }
  }
  await Promise.all(Array.from({ length: Math.min(ASKED_AT_ONCE, names.length) }, worker))
  for (const name of names) setHostVars(name, answers.get(name) ?? null, asking)
}

const ask = async (asking: Asking, args: readonly string[]): Promise<Readonly<Record<string, Json>> | undefined> => {
  const { file, runProgram } = asking
  const said = args.join(' ')
  const { stdout, stderr, error: why, hint } = await runProgram(file, args)
  if (why !== undefined) {
    wrong(asking, `${said} ${why}${quoted(stderr)}`, hint ?? 'run it yourself to see what it says')
    return undefined
  }
  try {
    // Ansible takes silence after --host for "no variables".
    const value = readJson(args[0] === '--host' && stdout.trim() === '' ? '{}' : stdout)
    if (isMap(value)) return value
    wrong(asking, `${said} must print a JSON object${quoted(stderr)}`)
  } catch (error) {
    wrong(asking, `${said} printed no JSON: ${visibleLine((error as Error).message)}${quoted(stderr)}`, hintFor(stdout))
  }
  return undefined
}

const quoted = (stderr: string): string => {
  const lines = visibleLines(stderr).slice(-STDERR_SHOWN)
  return lines.length === 0 ? '' : `; it said:\n${lines.map(line => `    ${line}`).join('\n')}`
}

const hintFor = (stdout: string): string =>
  stdout.trim() === '' ? 'it printed nothing at all' : 'diagnostics of a program go to stderr, JSON alone to stdout'

const wrong = ({ file, draft }: Asking, message: string, hint?: string): void => {
  draft.partial = true
  draft.fault(message, { file, line: 1, column: 1 }, hint)
}

const sections = ['hosts', 'children', 'vars']

/** Gives the names of the group's own hosts. */
const readGroup = (name: string, value: Json, asking: Asking): readonly string[] => {
  const { draft, file } = asking
  const group = draft.group(name)
  if (Array.isArray(value)) return addHosts(group, value, asking)
  if (!isMap(value)) {
    wrong(asking, `the group '${name}' of --list is a list of hosts, or has hosts, children and vars`)
    return []
  }
  const keys = Object.keys(value)
  // An odd old form: variables alone stand for a host that is called as its group.
  if (keys.length > 0 && !keys.some(key => sections.includes(key))) {
    setGroupVars(group, value, asking)
    return addHosts(group, [name], asking)
  }
  setGroupVars(group, value['vars'] ?? {}, asking)
  const children = value['children'] ?? []
  if (!Array.isArray(children) || children.some(child => typeof child !== 'string'))
    wrong(asking, `the children of the group '${name}' are a list of names`)
  else
    for (const child of children as readonly string[]) {
      draft.group(child)
      draft.link(name, child, () => ({ file, line: 1, column: 1 }))
    }
  return addHosts(group, value['hosts'] ?? [], asking)
}

const setGroupVars = (group: DraftGroup, vars: Json, asking: Asking): void => {
  if (!isMap(vars)) wrong(asking, `the vars of the group '${group.name}' are a map`)
  else
    for (const [key, value] of Object.entries(vars))
      asking.draft.setGroupVar(group, key, value, () => ({ file: asking.file, line: 1, column: 1 }))
}

// Names are taken as they are: a program has no need of ranges.
const addHosts = (group: DraftGroup, hosts: Json, asking: Asking): readonly string[] => {
  if (!Array.isArray(hosts)) {
    wrong(asking, `the hosts of the group '${group.name}' are a list of names`)
    return []
  }
  const names: string[] = []
  for (const host of hosts) {
    try {
      if (typeof host !== 'string') throw new InvalidHostName(`a host's name is a text, not ${JSON.stringify(host)}`)
      checkHostName(host)
      asking.draft.host(host, group)
      names.push(host)
    } catch (error) {
      if (!(error instanceof InvalidHostName)) throw error
      wrong(asking, `the group '${group.name}': ${error.message}`)
    }
  }
  return names
}

const setHostVars = (name: string, vars: Json, asking: Asking): void => {
  if (vars === null) return
  const host = asking.draft.hosts.get(name)
  if (!isMap(vars)) wrong(asking, `the variables of the host '${name}' are a map`)
  else for (const [key, value] of Object.entries(vars)) host?.vars.set(key, value)
}
