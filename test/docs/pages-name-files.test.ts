// The pages for contributors name many files and folders; a rename must not leave them pointing nowhere.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const pages = ['docs/architecture.md', 'docs/adding.md', 'docs/glossary.md', 'docs/task-types.md', 'CONTRIBUTING.md']

describe('pages for contributors', () => {
  it.each(pages)('every file and folder that %s names exists', page => {
    const text = readFileSync(join(repository, page), 'utf8')
    const named = [...text.matchAll(/`((?:src|test|docs|bench|bin)\/[\w./-]+)`/g)]
      .map(([, path = '']) => path)
      .filter(path => !/FAMILY|NAME/.test(path))
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => join(page, '..', path))
    expect([...named, ...linked].filter(path => !existsSync(join(repository, path)))).toEqual([])
  })
})
