import { describe, expect, it } from 'vitest'
import { handlersFor, type Named } from '../../../src/run/task/handlers-for.ts'

const role = (name: string, callers: readonly object[] = []) =>
  ({ name, path: `/roles/${name}`, handlersOf: name, callers }) as never
const [outer, inner, other] = [role('outer'), role('inner', [role('top'), role('outer')]), role('other')]
const named = (name: string, of?: object, listen: readonly string[] = []): Named => ({
  handler: { name, role: of, in: (of as { name?: string } | undefined)?.name ?? 'play' } as never,
  name,
  listen,
})
const meant = (name: string, from: object | undefined, handlers: readonly Named[]) =>
  handlersFor(name, from as never, handlers).map(handler => (handler as unknown as { readonly in: string }).in)

describe('a notification means', () => {
  const all = [
    named('reload'),
    named('reload', role('top')),
    named('reload', outer),
    named('reload', inner),
    named('reload', other),
  ]

  it('the handler of the role itself', () => {
    expect(meant('reload', inner, all)).toEqual(['inner'])
  })

  it('else that of the role that called it last, before those further out', () => {
    expect(
      meant(
        'reload',
        inner,
        all.filter(one => one !== all[3]),
      ),
    ).toEqual(['outer'])
  })

  it('else that of the play', () => {
    expect(meant('reload', other, all.slice(0, 4))).toEqual(['play'])
  })

  it('else that of the last role that has one', () => {
    expect(meant('reload', undefined, [named('reload', outer), named('reload', other)])).toEqual(['other'])
  })

  it('whoever listens as well, each once', () => {
    expect(meant('reload', undefined, [named('reload', undefined, ['reload']), named('x', outer, ['reload'])])).toEqual(
      ['play', 'outer'],
    )
  })

  it('the handler of a role that it names', () => {
    expect(meant('outer : reload', inner, all)).toEqual(['outer'])
  })
})
