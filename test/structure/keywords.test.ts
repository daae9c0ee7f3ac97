import { expect, it } from 'vitest'
import { keywordNames } from '../../src/model/keywords.ts'
import { codeOf, files } from './sources.ts'

/** Keywords that more than one stage acts on: how many files, and why. */
const more: Readonly<Record<string, readonly [number, string]>> = {
  import_playbook: [4, 'a place of the table as well; what it brings is loaded and stands in the schema'],
  no_log: [4, 'an argument of roles, too, and a word that marks secrets'],
  become_user: [3, 'a check tells of one without become; two handlers are alike with the same one'],
  become_method: [2, 'two handlers are alike with the same one'],
  delegate_to: [6, 'the look-ahead and previews leave such tasks alone, a check knows the host'],
  run_once: [3, 'the look-ahead leaves it to the first host; two handlers are alike with the same one'],
  loop_control: [2, 'its names and templates are checked where it is taken apart'],
  changed_when: [2, 'an event tells that it is no change'],
  gather_facts: [5, 'checks, scopes and the first frame ask whether facts may come'],
  max_fail_percentage: [3, 'a code of faults as well'],
  vars_files: [13, 'variables by precedence, and each check of them'],
  pre_tasks: [8, 'a section of the play for the walk'],
  post_tasks: [8, 'a section of the play for the walk'],
}

// Words such as `when`, `vars` or `port` mean other things, too: those with an underscore can be counted.
const counted = keywordNames.filter(name => name.includes('_'))

it.each(counted)('%s is named in the table and where it is acted on, not in lists of keywords', name => {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`)
  // Params of task types and hints about Ansible's keys are no keywords.
  const naming = files.filter(
    file =>
      !file.startsWith('tasks/') &&
      !['model/keywords.ts', 'load/playbook/ansible-habits.ts'].includes(file) &&
      word.test(codeOf(file)),
  )
  expect(naming.length, naming.join(' ')).toBeLessThanOrEqual(more[name]?.[0] ?? 1)
})
