type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value }

/** Formats a value as YAML-like lines for display and diffs; not meant to be parsed. */
export function yamlLines(value: Value, indent = ''): readonly string[] {
  if (isList(value)) return value.flatMap(item => entry(`${indent}-`, item, indent))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => entry(`${indent}${word(key)}:`, item, indent))
  }
  return [`${indent}${scalar(value)}`]
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value)

function entry(head: string, item: Value, indent: string): readonly string[] {
  if (typeof item === 'string' && item.includes('\n')) {
    return [
      `${head} |`,
      ...item
        .replace(/\n$/, '')
        .split('\n')
        .map(line => `${indent}  ${line}`),
    ]
  }
  if (typeof item !== 'object' || item === null) return [`${head} ${scalar(item)}`]
  if (Object.keys(item).length === 0) return [`${head} ${isList(item) ? '[]' : '{}'}`]
  return [head, ...yamlLines(item, `${indent}  `)]
}

const scalar = (value: Value): string => (typeof value === 'string' ? word(value) : String(value))

const word = (text: string): string =>
  /^[A-Za-z_/.][^\n:#'"\\]*$/.test(text) && !/^(true|false|null|yes|no|on|off|~)$|\s$/i.test(text)
    ? text
    : JSON.stringify(text)
