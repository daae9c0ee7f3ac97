import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkSettings } from '../../src/check/check-settings.ts'
import { loadInventory } from '../../src/load/inventory/load-inventory.ts'
import { readPlaybook } from '../../src/load/playbook/load-playbook.ts'
import { taskTypes } from '../../src/tasks/registry.ts'

const repository = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'mlplay-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const options = { cwd: repository, types: taskTypes, packageUrl: '' }
const { playbook } = await readPlaybook('playbooks/mlflow-proxy.yml', options)

/** What is told of a setting in the third line of an inventory's group_vars. */
const told = async (setting: string) => {
  cpSync(join(repository, 'inventory/dev'), folder, { recursive: true })
  writeFileSync(join(folder, 'group_vars/mlflow.yml'), `# settings\n\n${setting}\n`)
  const inventory = await loadInventory([folder], { cwd: folder })
  const faults = checkSettings({ playbooks: [playbook], inventory })
  return faults.map(({ at, message, hint }) => {
    const text = `${at?.file.replace(`${folder}/`, '')}:${at?.line}:${at?.column} ${message}`
    return hint === undefined ? text : `${text}\n${hint}`
  })
}

describe('an invalid setting of mlflow-proxy is reported at its position', () => {
  it.each([
    [
      'mlflow_proxy_listen_prot: 80',
      "3:1 the role mlflow-proxy has no setting 'mlflow_proxy_listen_prot', did you mean 'mlflow_proxy_listen_port'?",
    ],
    [
      'mlflow_server_verison: 3.17.2',
      "3:1 the role mlflow-proxy has no setting 'mlflow_server_verison', did you mean 'mlflow_server_version'?",
    ],
    [
      'mlflo_proxy_burst: 80',
      "3:1 the role mlflow-proxy has no setting 'mlflo_proxy_burst', did you mean 'mlflow_proxy_burst'?",
    ],
    [
      'mlflow_proxy_listen_port: abc',
      "3:27 role mlflow-proxy: 'mlflow_proxy_listen_port' takes a whole number, this is the text 'abc'",
    ],
    [
      'mlflow_proxy_users: admin',
      "3:21 role mlflow-proxy: 'mlflow_proxy_users' takes a list, this is the text 'admin'",
    ],
    ['mlflow_proxy_users: [{ password: x }]', "3:22 role mlflow-proxy: 'mlflow_proxy_users.0' needs 'name'"],
    [
      'mlflow_proxy_users: [{ name: a, passwort: xyzzy }]',
      "3:33 role mlflow-proxy: 'mlflow_proxy_users.0' has no 'passwort', did you mean 'password'?",
    ],
    [
      'mlflow_proxy_burst: viel',
      "3:21 role mlflow-proxy: 'mlflow_proxy_burst' takes a whole number, this is the text 'viel'",
    ],
    [
      'mlflow_proxy_static_burst: x',
      "3:28 role mlflow-proxy: 'mlflow_proxy_static_burst' takes a whole number, this is the text 'x'",
    ],
    [
      'mlflow_proxy_tls: file',
      "3:19 role mlflow-proxy: 'mlflow_proxy_tls' cannot be the text 'file', did you mean 'files'?",
    ],
    ['mlflow_proxy_tls: true', "3:19 role mlflow-proxy: 'mlflow_proxy_tls' cannot be the text 'True'"],
    [
      'mlflow_proxy_block_assistant: nein',
      "3:31 role mlflow-proxy: 'mlflow_proxy_block_assistant' takes true or false, this is the text 'nein'",
    ],
    ['mlflow_proxy_csp_extra: [a]', "3:25 role mlflow-proxy: 'mlflow_proxy_csp_extra' takes a map, this is a list"],
    [
      'mlflow_server_extras: boto3',
      "3:23 role mlflow-proxy: 'mlflow_server_extras' takes a list, this is the text 'boto3'",
    ],
    [
      'mlflow_proxy_server_names: "{{ inventory_hostname }}"',
      "3:29 role mlflow-proxy: 'mlflow_proxy_server_names' takes a list, this is the text 'localhost'",
    ],
    [
      'mlflow_proxy_state: abscent',
      "3:21 role mlflow-proxy: 'mlflow_proxy_state' cannot be the text 'abscent', did you mean 'absent'?",
    ],
  ])('%s', async (setting, message) => {
    expect((await told(setting)).map(one => one.split('\n')[0])).toContain(`group_vars/mlflow.yml:${message}`)
  })

  it.each([
    'mlflow_proxy_listen_port: "8080"',
    'mlflow_proxy_strict_host: "no"',
    "mlflow_proxy_users: \"{{ lookup('file', 'users') }}\"",
    'mlflow_unrelated: 1',
  ])('%s is accepted', async setting => {
    expect(await told(setting)).toEqual([])
  })

  it('the value of a no_log option is not shown', async () => {
    const faults = await told('mlflow_server_env_secret: hunter2hunter2')
    expect(faults).toEqual(["group_vars/mlflow.yml:3:27 role mlflow-proxy: 'mlflow_server_env_secret' takes a map"])
  })
})
