import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { placeSchema } from '../../src/load/schema/place-schema.ts'
import { playbookSchema } from '../../src/load/schema/schemas.ts'
import { places } from '../../src/model/keyword-places.ts'
import { keywordValues } from '../../src/model/keyword-values.ts'
import { keyword, keywordNames, keywordsOn } from '../../src/model/keywords.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { keywordPage } from './keyword-page.ts'

it('docs/keywords.md is what the table of keywords says', async () => {
  await expect(keywordPage()).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/keywords.md'))
})

it.each(places)('the schema of a %s takes the keywords of the table, as the table says', place => {
  const { properties, required } = placeSchema(place)
  expect(Object.keys(properties)).toEqual(keywordsOn(place))
  for (const name of keywordsOn(place)) expect(properties[name]).toMatchObject(keywordValues[keyword(name).takes])
  expect(required).toEqual(keywordsOn(place).filter(name => keyword(name).neededOn?.includes(place)))
})

it("the editor's schema of a playbook names every keyword with its line of documentation", () => {
  const text = JSON.stringify(playbookSchema(taskTypes))
  const lists = [
    'block',
    'rescue',
    'always',
    'roles',
    'pre_tasks',
    'tasks',
    'post_tasks',
    'handlers',
    'import_playbook',
  ]
  for (const name of keywordNames) {
    expect(text).toContain(`"${name}":`)
    if (!lists.includes(name)) expect(text).toContain(JSON.stringify(keyword(name).doc))
  }
})
