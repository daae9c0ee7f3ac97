import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { must } from './command.ts'
import { cacheFolder } from './places.ts'

/** What something is made from, in the name of its folder: a changed recipe is another folder. */
export const hashOf = (recipe: unknown): string =>
  createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)

/**
 * A folder made once and kept. It is made under a name of its own and renamed when it is whole: a build that died is
 * never used, and of two at the same time the second to finish throws its work away.
 */
export function keep(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const coming = making.get(name) ?? keepOnce(name, make)
  making.set(name, coming)
  return coming
}

const making = new Map<string, Promise<string>>()

async function keepOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const kept = join(cacheFolder, name)
  if (existsSync(kept)) return kept
  process.stderr.write(`the lab makes ${kept}: once on this machine\n`)
  mkdirSync(cacheFolder, { recursive: true })
  await removeLeftovers()
  const building = join(cacheFolder, `building-${process.pid}-${name}`)
  await must(['rm', '-rf', building])
  try {
    await make(building)
    if (!existsSync(kept)) renameSync(building, kept)
  } catch (error) {
    if (!existsSync(kept)) throw error
  } finally {
    await must(['rm', '-rf', '--one-file-system', building])
  }
  return kept
}

async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(cacheFolder)) {
    const pid = /^building-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await must(['rm', '-rf', join(cacheFolder, name)])
  }
}
