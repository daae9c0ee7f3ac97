import type { Vars } from './playbook.ts'

export interface Host {
  readonly name: string
  /** Names of the groups that hold it, nearest last, `all` first. */
  readonly groups: readonly string[]
  /** Merged inventory variables by Ansible's precedence 3 to 10 (without the magic ones). Values may hold templates. */
  readonly vars: Vars
  /** What `vars` is merged from, weakest first. Hosts of the same groups share their layers. */
  readonly layers?: readonly Vars[]
}

export interface Group {
  readonly name: string
  readonly hosts: readonly string[] // own and of all children, inventory order
  /** Those that it names itself, when it has children too. */
  readonly own?: readonly string[]
  readonly children: readonly string[]
}

export interface Inventory {
  readonly source: string // as given with -i
  readonly folder: string // inventory_dir
  readonly hosts: ReadonlyMap<string, Host> // inventory order; the implicit localhost is not among them
  readonly groups: ReadonlyMap<string, Group>
  /** Texts of its files and of the variables beside them, for places and code frames: path -> text. */
  readonly texts?: ReadonlyMap<string, string>
  /** What was read and is probably not what was meant. */
  readonly warnings?: readonly string[]
}
