import type { Place } from '../../src/model/keyword-places.ts'
import { type Keyword, type KeywordName, keyword, keywordsOn } from '../../src/model/keywords.ts'

const titles: readonly (readonly [string, readonly Place[]])[] = [
  ['Plays', ['play']],
  ['Blocks', ['block']],
  ['Tasks', ['task']],
  ['Handlers', ['handler']],
  ['`import_tasks`, `include_tasks`, `import_role`, `include_role`', ['import']],
  ['`meta`', ['meta']],
  ['Entries of `roles:`', ['role']],
  ['`import_playbook`', ['import_playbook']],
  ['Imports and blocks among handlers', ['handler import', 'handler block']],
]

const reach = (place: Place, { inherited, onPlay }: Keyword): string => {
  if (inherited === undefined) return ''
  if (place === 'play' && onPlay === 'kept') return 'holds for the play, weaker than what stands inside'
  return { nearest: 'goes down; the nearest counts', added: 'goes down; all add up', merged: 'goes down; merged' }[
    inherited
  ]
}

const texts = { template: 'template', expression: 'expression', plain: '' } as const

const row = (name: KeywordName, place: Place): string => {
  const one = keyword(name)
  return `| \`${name}\` | ${one.takes} | ${texts[one.texts]} | ${reach(place, one)} | ${one.docOn?.[place] ?? one.doc} |`
}

const section = ([title, on]: (typeof titles)[number]): string => {
  const rows = [...new Set(on.flatMap(place => keywordsOn(place).map(name => row(name, place))))]
  return [`## ${title}`, '', '| keyword | takes | read as | | |', '|---|---|---|---|---|', ...rows, ''].join('\n')
}

/** docs/keywords.md, as it follows from the table of keywords. */
export const keywordPage = (): string =>
  [
    '# Keywords',
    '',
    'Made from `src/model/keywords.ts` (`npx vitest run test/docs/keywords.test.ts -u`). A keyword that is not listed for a',
    'place is an error there. A value that is read as a template is rendered for each host; an expression has no braces.',
    '',
    ...titles.map(section),
  ].join('\n')
