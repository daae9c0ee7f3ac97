import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

export const src = resolve(import.meta.dirname, '../../src')

export const files: readonly string[] = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  name => name.endsWith('.ts') && !name.endsWith('.d.ts'),
)

export const textOf = (file: string): string => readFileSync(join(src, file), 'utf8')

/** The files that a file imports, types included. */
export const importsOf = (file: string): readonly string[] =>
  [...textOf(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    relative(src, resolve(src, dirname(file), path)),
  )

/** The code of a file: no comments, and of texts only those that are one word. */
export const codeOf = (file: string): string =>
  textOf(file)
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/`(?:[^`\\]|\\.)*`/g, text => (text.match(/\$\{[^}]*\}/g) ?? []).join(' '))
    .replace(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g, (text, one?: string, two?: string) =>
      /^\w+$/.test(one ?? two ?? '') ? text : "''",
    )
