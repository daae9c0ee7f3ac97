// A word means one thing: the names of exported types use the words of docs/glossary.md and no others.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const glossary = readFileSync(join(repository, 'docs/glossary.md'), 'utf8')
const [termsPart = '', ordinaryPart = ''] = glossary.split('## Ordinary words')

const wordsOf = (text: string): readonly string[] =>
  (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map(word => word.toLowerCase())
const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '')

const terms = [...termsPart.matchAll(/^\| ([^|\\]+?) \| /gm)]
  .map(([, term = '']) => term)
  .filter(term => term !== 'word')
const ordinary = wordsOf(ordinaryPart.split('\n\n').slice(1).join(' '))
const known = new Set([...terms.flatMap(wordsOf), ...ordinary].map(singular))

const exported = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .flatMap(file =>
    [
      ...readFileSync(join(repository, 'src', file), 'utf8').matchAll(
        /^export (?:abstract )?(?:interface|type|class) (\w+)/gm,
      ),
    ].map(([, name = '']) => ({ name, file })),
  )

describe('the glossary', () => {
  it('knows every word in the name of an exported type', () => {
    const unknown = exported.flatMap(({ name, file }) =>
      wordsOf(name)
        .filter(word => !known.has(singular(word)))
        .map(word => `${word} in ${name} (src/${file})`),
    )
    expect(unknown).toEqual([])
  })

  it('lists each term once', () => {
    expect(terms.filter((term, i) => terms.indexOf(term) !== i)).toEqual([])
    expect(ordinary.filter((word, i) => ordinary.indexOf(word) !== i)).toEqual([])
  })
})
