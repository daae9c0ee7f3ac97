import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { documentedRole, documentedRoles, roleMarkdown, rolePage } from '../../src/cli/doc-role.ts'

const cwd = mkdtempSync(join(tmpdir(), 'mlplay-doc-'))
afterAll(() => rmSync(cwd, { recursive: true }))
const write = (path: string, text: string) => {
  mkdirSync(join(cwd, path, '..'), { recursive: true })
  writeFileSync(join(cwd, path), text)
}

write(
  'roles/web/meta/argument_specs.yml',
  `argument_specs:
  main:
    short_description: A web server
    options:
      web_port: { type: int, required: true, description: the port }
      web_mode: { choices: [fast, safe], description: [how it, works] }
      web_users:
        type: list
        elements: dict
        description: who may log in
        options: { name: { type: str, required: true, description: login } }
`,
)
write('roles/web/defaults/main.yml', 'web_mode: fast\nweb_users: []\n')
write('roles/bare/tasks/main.yml', '[]\n')

describe('the documentation of a role', () => {
  const role = documentedRole('web', cwd)

  it('exists for roles with argument specs', () => {
    expect(documentedRoles(cwd)).toEqual(['web'])
    expect([documentedRole('bare', cwd), documentedRole('nothing', cwd)]).toEqual([undefined, undefined])
    expect(documentedRoles(join(cwd, 'roles'))).toEqual([])
  })

  it('lists each setting with its type, choices and default', () => {
    expect(role === undefined ? '' : rolePage(role)).toBe(`web: A web server

Settings, as variables of the role:
  web_port: int, required
      the port
  web_mode: fast | safe, default fast
      how it works
  web_users: list of dict, default []
      who may log in
      name: str, required
          login`)
  })

  it('of mlflow-proxy contains every default of the role and equals the page in docs/', () => {
    const repository = join(import.meta.dirname, '../..')
    const proxy = documentedRole('mlflow-proxy', repository)
    const defaults = readFileSync(join(repository, 'roles/mlflow-proxy/defaults/main.yml'), 'utf8')
    expect(proxy?.settings.map(({ name }) => name)).toEqual(defaults.match(/^mlflow_\w+(?=:)/gm))
    expect(proxy?.settings.filter(({ description }) => description === '')).toEqual([])
    expect(readFileSync(join(repository, 'docs/role-mlflow-proxy-settings.md'), 'utf8')).toBe(
      `${proxy === undefined ? '' : roleMarkdown(proxy)}\n`,
    )
  })

  it('is printed as a Markdown table with --markdown', () => {
    const page = role === undefined ? [] : roleMarkdown(role).split('\n')
    expect(page.slice(-5)).toEqual([
      '|---|---|---|---|',
      '| `web_port` | int, required |  | the port |',
      '| `web_mode` | fast \\| safe | `fast` | how it works |',
      '| `web_users` | list of dict | `[]` | who may log in |',
      '| `web_users.name` | str, required |  | login |',
    ])
  })
})
