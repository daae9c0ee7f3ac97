import { parseYaml } from '../load/yaml/yaml.ts'
import { Fault } from '../model/fault.ts'
import type { At } from '../text/position.ts'

type Path = readonly (string | number)[]

/**
 * Where a variable is given a value, in texts of YAML and INI, the likeliest first: where that value stands, else where
 * any stands. Texts are only read for what is wrong, so nothing about places is kept while they are loaded.
 */
export function settingPlace(
  name: string,
  value: unknown,
  {
    texts,
    path = [],
    key = false,
  }: { readonly texts: Iterable<readonly [string, string]>; readonly path?: Path; readonly key?: boolean },
): At | undefined {
  let any: At | undefined
  for (const [file, text] of texts) {
    if (!text.includes(name)) continue
    for (const found of placesIn(file, text, { name, path, key })) {
      if (same(found.value, value)) return found.at
      any ??= found.at
    }
  }
  return any
}

interface Found {
  readonly value: unknown
  readonly at: At
}

const placesIn = (
  file: string,
  text: string,
  of: { readonly name: string; readonly path: Path; readonly key: boolean },
): readonly Found[] => {
  const isYaml = /\.(ya?ml|json)$/.test(file) || /^(---|\s*#|[\w-]+\s*:)/.test(text)
  return (isYaml ? inYaml(file, text, of) : undefined) ?? inIni(file, text, of)
}

const inYaml = (
  file: string,
  text: string,
  { name, path, key }: { readonly name: string; readonly path: Path; readonly key: boolean },
): readonly Found[] | undefined => {
  try {
    const { value, locate } = parseYaml(text, file)
    const found: Found[] = []
    const walk = (node: unknown, at: Path): void => {
      if (node === null || typeof node !== 'object') return
      for (const [inner, item] of Object.entries(node)) {
        const here = [...at, Array.isArray(node) ? Number(inner) : inner]
        if (inner === name && !Array.isArray(node))
          found.push({ value: item, at: locate([...here, ...path], key ? 'key' : 'value') })
        else walk(item, here)
      }
    }
    walk(value, [])
    return found
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

const inIni = (
  file: string,
  text: string,
  { name, key }: { readonly name: string; readonly key: boolean },
): readonly Found[] =>
  text.split('\n').flatMap((line, i) => {
    const found = new RegExp(`(^|\\s)${name}\\s*=\\s*`).exec(line)
    if (found === null || /^\s*[#;]/.test(line)) return []
    const column = key ? found.index + (found[1] ?? '').length : found.index + found[0].length
    const value = line.slice(found.index + found[0].length).trim()
    return [{ value: value.replace(/^(["'])(.*)\1$/, '$2'), at: { file, line: i + 1, column: column + 1 } }]
  })

const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b) || String(a) === String(b)
