import { Fault } from '../../model/fault.ts'
import type { Json } from '../../model/json.ts'
import { codeFrame } from '../../text/code-frame.ts'
import type { At } from '../../text/position.ts'
import { expandHosts, InvalidHostName } from './host-range.ts'

/** Where something stands. A function: places in YAML cost time and only faults need them. */
export type Place = () => At

export interface DraftHost {
  readonly name: string
  readonly vars: Map<string, Json>
  readonly groups: Set<DraftGroup>
}

export interface DraftGroup {
  readonly name: string
  readonly vars: Map<string, Json>
  readonly hosts: Set<DraftHost>
  readonly children: Map<DraftGroup, Link>
  readonly parents: Set<DraftGroup>
  priority: number
}

/** `child` stands among the children of `parent`. */
export interface Link {
  readonly parent: string
  readonly child: string
  readonly order: number
  readonly at: Place
}

/** What the sources have said so far: every group and host, and every mistake. */
export class Draft {
  readonly hosts = new Map<string, DraftHost>()
  readonly groups = new Map<string, DraftGroup>()
  readonly faults: Fault[] = []
  /** A source could not be read: what is missing may have been there. */
  partial = false
  readonly texts = new Map<string, string>()
  readonly #pending = new Map<string, Link[]>()
  #order = 0

  constructor() {
    this.group('all')
    // Before any other group: hosts of no group come first among all.
    this.joinAll(this.group('ungrouped'))
  }

  /** Puts a group below `all`, which no source has done. */
  joinAll(child: DraftGroup): void {
    const nowhere = () => ({ file: '', line: 1, column: 1 })
    this.#join({ parent: 'all', child: child.name, order: -1, at: nowhere })
  }

  text(file: string, text: string): void {
    this.texts.set(file, text)
  }

  fault(message: string, at: At | undefined, hint?: string): void {
    const text = at === undefined ? undefined : this.texts.get(at.file)
    const frame = at === undefined || text === undefined ? undefined : codeFrame(text, at)
    this.faults.push(new Fault('inventory', message, { at, hint, frame }))
  }

  group(name: string): DraftGroup {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const made: DraftGroup = {
      name,
      vars: new Map(),
      hosts: new Set(),
      children: new Map(),
      parents: new Set(),
      priority: 1,
    }
    this.groups.set(name, made)
    for (const link of this.#pending.get(name) ?? []) this.#join(link)
    this.#pending.delete(name)
    return made
  }

  /** Children may be named before they are declared: they join their parent then, as in Ansible. */
  link(parent: string, child: string, at: Place): void {
    const link: Link = { parent, child, order: this.#order++, at }
    if (child === 'all') this.fault(`the group 'all' holds every group: it cannot be inside '${parent}'`, at())
    else if (this.groups.has(child)) this.#join(link)
    else {
      const pending = this.#pending.get(child)
      if (pending === undefined) this.#pending.set(child, [link])
      else pending.push(link)
    }
  }

  #join(link: Link): void {
    const parent = this.group(link.parent)
    const child = this.group(link.child)
    if (!parent.children.has(child)) parent.children.set(child, link)
    child.parents.add(parent)
  }

  /** Children that no source has declared. */
  undeclared(): readonly Link[] {
    return [...this.#pending.values()].flat()
  }

  host(name: string, group: DraftGroup): DraftHost {
    let host = this.hosts.get(name)
    if (host === undefined) {
      host = { name, vars: new Map(), groups: new Set() }
      this.hosts.set(name, host)
    }
    group.hosts.add(host)
    host.groups.add(group)
    return host
  }

  /** The hosts a name with ranges and a port stands for; none when the name is wrong. */
  expand(text: string, group: DraftGroup, at: Place): readonly DraftHost[] {
    try {
      const { names, port } = expandHosts(text)
      const hosts = names.map(name => this.host(name, group))
      if (port !== undefined) for (const host of hosts) host.vars.set('ansible_port', port)
      return hosts
    } catch (error) {
      if (!(error instanceof InvalidHostName)) throw error
      this.fault(error.message, at(), error.hint)
      return []
    }
  }

  setGroupVar(group: DraftGroup, name: string, value: Json, at: Place): void {
    if (name !== 'ansible_group_priority') {
      group.vars.set(name, value)
      return
    }
    const priority = Number(typeof value === 'string' ? value.trim() || Number.NaN : value)
    if (Number.isInteger(priority)) group.priority = priority
    else this.fault('ansible_group_priority takes a whole number', at())
  }
}
