import type { Inventory } from '../model/inventory.ts'
import type { LoadedPlaybook } from '../model/playbook.ts'

/** What the settings of roles are checked with before a run. */
export interface SettingsAsked {
  readonly playbooks: readonly LoadedPlaybook[]
  readonly inventory: Inventory
  readonly extraVars?: Readonly<Record<string, unknown>>
  /** Texts of the files that `-e @FILE` names: path -> text. */
  readonly extraTexts?: ReadonlyMap<string, string>
  readonly limit?: string
  /** No inventory was given: what the hosts' variables say is not known. */
  readonly withoutHosts?: boolean
}
