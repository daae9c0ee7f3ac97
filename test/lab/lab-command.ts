// npm run lab -- up 10 [--variant NAME]... | down [FOLDER] | list | variants
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bootLab } from './boot-lab.ts'
import { parseLab } from './lab-options.ts'
import { onHost } from './on-host.ts'
import { keepUp, keptFolders, runFolders, takeDown } from './run-folder.ts'
import { type VariantName, variants } from './variants.ts'

const usage = `npm run lab -- up [HOSTS] [--variant NAME]...   boot hosts and leave them up; variants go to the last hosts,
                                                one each, and with --every to all of them
npm run lab -- list                             what is up
npm run lab -- down [FOLDER]                    take it down; the folder when more than one is up
npm run lab -- variants                         how hosts can differ`

const { positionals, values } = parseLab(process.argv.slice(2))

const isVariant = (name: string): name is VariantName => Object.hasOwn(variants, name)

async function up(count: number): Promise<void> {
  const chosen = values.variant.filter(isVariant)
  const unknown = values.variant.filter(name => !isVariant(name))
  if (unknown.length > 0) throw new Error(`no variant ${unknown.join(', ')}; npm run lab -- variants`)
  const hosts = Math.max(count, values.every ? 1 : chosen.length)
  const began = Date.now()
  const lab = await bootLab(
    values.every
      ? { hosts, every: chosen }
      : { hosts, variants: Object.fromEntries(chosen.map((name, i) => [`h${hosts - chosen.length + i + 1}`, [name]])) },
  )
  keepUp(lab.folder)
  const width = Math.max(...lab.hosts.map(({ name }) => name.length))
  for (const host of lab.hosts)
    console.log(`${host.name.padEnd(width)}  ${host.address}  ${host.user}  ${host.variantNames.join(', ')}`)
  console.log(`
${hosts} hosts up in ${((Date.now() - began) / 1000).toFixed(1)} s

inventory   ${lab.inventory}
run         npx mlplay run playbooks/mlflow-proxy.yml -i ${lab.inventory}
log in      ssh -F ${lab.sshConfig} h1
take down   npm run lab -- down ${lab.folder}`)
}

async function list(): Promise<void> {
  for (const folder of runFolders()) {
    const hosts = readdirSync(join(folder, 'hosts')).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    const states = await Promise.all(
      hosts.map(host =>
        onHost(join(folder, 'hosts', host), 'systemctl is-system-running').then(
          ended => `${host} ${ended.stdout.trim()}`,
          () => `${host} is down`,
        ),
      ),
    )
    console.log(`${folder}\n  inventory ${join(folder, 'inventory')}\n  ${states.join(', ')}`)
  }
}

async function down(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (!runFolders().includes(folder)) throw new Error(`no lab ${folder}; npm run lab -- list`)
    await takeDown(folder)
    console.log(`${folder} is gone`)
  }
}

/** Others on this machine may have theirs. */
function onlyOne(): readonly string[] {
  const kept = keptFolders()
  if (kept.length > 1) throw new Error(`more than one lab is up, say which:\n  ${kept.join('\n  ')}`)
  return kept
}

const [verb, argument] = positionals
try {
  if (verb === 'up') await up(Number(argument ?? 3))
  else if (verb === 'list') await list()
  else if (verb === 'down') await down(argument === undefined ? onlyOne() : [argument])
  else if (verb === 'variants')
    for (const [name, { about }] of Object.entries(variants)) console.log(`${name.padEnd(22)}${about}`)
  else console.log(usage)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
