import { join } from 'node:path'
import { type Suite, suite as usual } from './places.ts'
import type { RunFolder } from './run-folder.ts'
import type { Variant } from './variant.ts'
import { type VariantName, variantOf } from './variants.ts'

/** A host as it is asked for, before it boots. */
export interface HostPlan {
  readonly name: string
  readonly address: string
  readonly folder: string
  /** Who logs in. */
  readonly user: string
  readonly variantNames: readonly VariantName[]
  readonly variants: readonly Variant[]
  readonly suite: Suite
  /** Folders of this machine by where the host sees them, read-only. */
  readonly folders: Readonly<Record<string, string>>
}

export interface LabRequest {
  /** How many; they are called h1, h2, ... */
  readonly hosts: number
  /** By host name. */
  readonly variants?: Readonly<Record<string, readonly VariantName[]>>
  /** What all hosts have. */
  readonly every?: readonly VariantName[]
  /** The Debian of the hosts that are not the usual one, by host name. */
  readonly suites?: Readonly<Record<string, Suite>>
  /** Folders of this machine by where all hosts see them, read-only. */
  readonly folders?: Readonly<Record<string, string>>
}

export function planHosts(request: LabRequest, run: RunFolder): readonly HostPlan[] {
  const { hosts, variants = {}, every = [], suites = {}, folders = {} } = request
  const names = Array.from({ length: hosts }, (_, i) => `h${i + 1}`)
  const unknown = Object.keys({ ...variants, ...suites }).filter(name => !names.includes(name))
  if (unknown.length > 0 || hosts < 1 || hosts > 200)
    throw new Error(`a lab has 1 to 200 hosts, h1 to h200; asked for ${hosts} and variants of ${unknown.join(', ')}`)
  return names.map((name, i) => {
    const variantNames = [...every, ...(variants[name] ?? [])]
    const chosen = variantNames.map(variantOf)
    return {
      name,
      address: `${run.subnet}.${i + 11}`,
      folder: join(run.folder, 'hosts', name),
      user: chosen.map(({ vars }) => vars?.['ansible_user']).find(user => user !== undefined) ?? 'root',
      variantNames,
      variants: chosen,
      suite: suites[name] ?? usual,
      folders,
    }
  })
}
