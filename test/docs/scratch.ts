// A folder as the documentation takes for granted: the project's playbooks, roles and inventories, and what examples name.
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { mlplay, repository } from '../e2e/mlplay.ts'
import { tryRole } from './command-lines.ts'

export const folder = mkdtempSync(join(tmpdir(), 'mlplay-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

export const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

for (const name of ['playbooks', 'roles', 'inventory'])
  cpSync(join(repository, name), join(folder, name), { recursive: true })

const program = '#!/bin/sh\nexit 0\n'
put('programs/oauth2-proxy', program)
chmodSync(join(folder, 'programs/oauth2-proxy'), 0o755)
const checksum = createHash('sha256').update(program).digest('hex')

put('fleet', ['w1', 'w2', 'w3'].map(name => `${name} ansible_connection=local\n`).join(''))
put('hosts.txt', 'w3\n')
put('site.yml', '- hosts: all\n  serial: 1\n  tasks:\n    - command: test {{ inventory_hostname }} != w2\n')

let count = 0

/**
 * A dry run of a playbook. The groups that it names are this machine; the inventory has the variables of inventory/dev,
 * the files that `lookup('file', ...)` reads, and the checksum that the reader is to fill in.
 */
export const dryRun = (playbook: string) => {
  const number = count++
  const inventory = `examples/${number}`
  const groups = [...playbook.matchAll(/hosts: (\w+)/g)].map(found => `[${found[1]}]\nlocalhost\n`)
  const named = groups.filter(group => !/^\[(all|localhost)\]/.test(group))
  put(`${inventory}/hosts`, `localhost ansible_connection=local\n${named.join('')}`)
  put(`${inventory}/group_vars/all.yml`, readFileSync(join(repository, 'inventory/dev/group_vars/mlflow.yml'), 'utf8'))
  for (const found of playbook.matchAll(/lookup\('file', inventory_dir ~ '\/([^']+)'/g))
    put(`${inventory}/${found[1]}`, 'a secret')
  put(
    `example-${number}.yml`,
    playbook.replace('mlflow_proxy_sso_checksum: ""', `mlflow_proxy_sso_checksum: ${checksum}`),
  )
  const how = playbook.includes('mlflow-proxy') ? tryRole : '--dry-run'
  return mlplay(['run', `example-${number}.yml`, '-i', inventory, how], { cwd: folder })
}
