import { describe, expect, it } from 'vitest'
import { renderString, type Scope, TemplateError } from '../../src/template/template.ts'

class NotThereYet extends Error {}

/** A scope whose dict `facts` throws when its key is read: inside of the filter that reads it. */
const throwing = (error: Error): Scope => {
  const facts = {}
  Object.defineProperty(facts, 'os', {
    enumerable: true,
    get: () => {
      throw error
    },
  })
  return { has: name => name === 'facts', get: name => (name === 'facts' ? facts : undefined) }
}

describe('an error thrown while a filter reads a variable', () => {
  it.each(['{{ facts | dict2items }}', '{{ [facts] | map(attribute="os") | list }}', '{{ facts | to_json }}'])(
    'goes through %s unchanged when its class is not one of JavaScript',
    source => {
      const error = new NotThereYet('the host has not answered')
      expect(() => renderString(source, throwing(error))).toThrow(error)
    },
  )

  it('a TypeError is reported as an error of the filter with its name and position', () => {
    const render = () => renderString('{{ facts | dict2items }}', throwing(new TypeError('no such value')))
    expect(render).toThrow(TemplateError)
    expect(render).toThrow('dict2items: no such value')
  })
})
