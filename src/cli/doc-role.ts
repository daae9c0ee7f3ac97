import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isFolder, isMap, listOf } from '../load/playbook/loading.ts'
import { partFile, variableFiles } from '../load/playbook/role-files.ts'
import { readText } from '../load/yaml/read-text.ts'
import { parseYaml } from '../load/yaml/yaml.ts'
import type { Json, JsonObject } from '../model/json.ts'

/** A role in the folder `roles/`, with the settings that its `meta/argument_specs.yml` declares. */
export interface DocumentedRole {
  readonly name: string
  readonly summary: string
  readonly settings: readonly Setting[]
}

interface Setting {
  readonly name: string
  readonly kind: string
  readonly required: boolean
  readonly description: string
  /** The default value from the role's defaults, or the text of its template. */
  readonly fallback: Json | undefined
  /** Settings of each list item, or of the map. */
  readonly inside: readonly Setting[]
}

/** Names of the roles in `cwd/roles` that declare their settings. */
export function documentedRoles(cwd: string): readonly string[] {
  const folder = resolve(cwd, 'roles')
  return isFolder(folder)
    ? readdirSync(folder)
        .filter(name => specFile(join(folder, name)) !== undefined)
        .toSorted()
    : []
}

/** Undefined when there is no such role, or it has no `meta/argument_specs.yml`. Throws a `Fault` for a file that cannot be read. */
export function documentedRole(name: string, cwd: string): DocumentedRole | undefined {
  const folder = resolve(cwd, 'roles', name)
  const file = specFile(folder)
  if (file === undefined) return undefined
  const specs = mapIn(read(file), 'argument_specs')
  const main = mapIn(specs, 'main')
  const defaults = Object.assign({}, ...variableFiles(folder, 'defaults').map(read)) as JsonObject
  return {
    name,
    summary: String(main['short_description'] ?? ''),
    settings: settingsOf(mapIn(main, 'options'), defaults),
  }
}

const specFile = (folder: string): string | undefined =>
  isFolder(folder) ? partFile(folder, 'meta', 'argument_specs') : undefined

const read = (file: string): JsonObject => {
  const { value } = parseYaml(readText(file), file)
  return isMap(value) ? value : {}
}

const mapIn = (map: JsonObject, key: string): JsonObject => {
  const value = map[key]
  return isMap(value) ? value : {}
}

const settingsOf = (options: JsonObject, defaults: JsonObject): readonly Setting[] =>
  Object.entries(options).map(([name, option]) => {
    const spec = isMap(option) ? option : {}
    const choices = listOf(spec['choices']).map(choice =>
      typeof choice === 'string' ? choice : JSON.stringify(choice),
    )
    const type = String(spec['type'] ?? 'str')
    const elements = spec['elements'] === undefined ? '' : ` of ${String(spec['elements'])}`
    return {
      name,
      kind: choices.length > 0 ? choices.join(' | ') : `${type}${elements}`,
      required: spec['required'] === true,
      description: listOf(spec['description']).map(String).join(' '),
      fallback: defaults[name] ?? spec['default'],
      inside: settingsOf(mapIn(spec, 'options'), {}),
    }
  })

/** The role's settings as text for a terminal. */
export function rolePage(role: DocumentedRole): string {
  const rows = (settings: readonly Setting[], indent: string): string =>
    settings
      .map(({ name, kind, required, description, fallback, inside }) => {
        const notes = [
          kind,
          ...(required ? ['required'] : []),
          ...(fallback === undefined ? [] : [`default ${shown(fallback)}`]),
        ]
        return `${indent}${name}: ${notes.join(', ')}\n${indent}    ${description}\n${rows(inside, `${indent}    `)}`
      })
      .join('')
  return `${role.name}: ${role.summary}\n\nSettings, as variables of the role:\n${rows(role.settings, '  ')}`.trimEnd()
}

/** The role's settings as a Markdown page. */
export function roleMarkdown(role: DocumentedRole): string {
  const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``
  const rows = (settings: readonly Setting[], above: string): readonly string[] =>
    settings.flatMap(({ name, kind, required, description, fallback, inside }) => [
      `| ${code(above + name)} | ${kind.replaceAll('|', '\\|')}${required ? ', required' : ''} | ${fallback === undefined ? '' : code(shown(fallback))} | ${description.replaceAll('|', '\\|')} |`,
      ...rows(inside, `${above}${name}.`),
    ])
  return [
    `# Settings of the role ${role.name}`,
    '',
    `${role.summary}. Made by \`mlplay doc ${role.name} --markdown\` from the role's \`meta/argument_specs.yml\` and \`defaults/main.yml\`.`,
    '',
    '| setting | type | default | |',
    '|---|---|---|---|',
    ...rows(role.settings, ''),
  ].join('\n')
}

const shown = (value: Json): string => (typeof value === 'string' && value !== '' ? value : JSON.stringify(value))
