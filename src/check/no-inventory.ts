import { Fault } from '../model/fault.ts'

/** What to give with `-i`, where nothing was: `inventories` are those that lie about. */
export const giveInventory = (inventories: readonly string[]): string =>
  inventories.length > 0
    ? `these are here, give one of them: ${inventories.map(source => `-i ${source}`).join(', ')}`
    : 'give one with -i: a file, a folder, a program, or hosts with a comma (-i web1,); -i localhost, is this machine'

/** The fault of hosts that are asked for without any inventory. */
export const noInventory = (pattern: string, inventories: readonly string[], at?: Fault['at']): Fault =>
  new Fault('no-inventory', `no inventory was given, so there are no hosts '${pattern}'`, {
    at,
    hint: giveInventory(inventories),
  })
