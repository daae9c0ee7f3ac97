import { type Place, places } from '../../model/keyword-places.ts'
import { keywordValues } from '../../model/keyword-values.ts'
import { type KeywordName, keyword, keywordsOn } from '../../model/keywords.ts'

/** JSON Schema of a map that takes these keys and no others. */
export const mapOf = <P extends object>(properties: P, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})

type PlaceSchema = ReturnType<typeof mapOf<{ readonly [name: string]: object }>>

const schemaOfKeyword = (name: KeywordName, place: Place): object => {
  const { takes, doc, docOn } = keyword(name)
  return { ...keywordValues[takes], description: docOn?.[place] ?? doc }
}

const made = (place: Place): PlaceSchema => {
  const names = keywordsOn(place)
  return mapOf(
    Object.fromEntries(names.map(name => [name, schemaOfKeyword(name, place)])),
    names.filter(name => keyword(name).neededOn?.includes(place)),
  )
}

const schemas = new Map(places.map(place => [place, made(place)]))

/** JSON Schema of the keywords of a place, from the table of keywords. */
export const placeSchema = (place: Place): PlaceSchema => schemas.get(place) as PlaceSchema
