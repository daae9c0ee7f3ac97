import type { RunRequest } from '../../../src/run/state/request.ts'

/** What became of a run: whether all was well, and for each host what came of its tasks, `status name: text of a debug`. */
export interface Story {
  readonly well: boolean
  readonly hosts: Readonly<Record<string, readonly string[]>>
}

/** A playbook that mlplay and Ansible both run. */
export interface Situation {
  readonly title: string
  /** Texts by path; a text alone is `p.yml`. */
  readonly files: string | Readonly<Record<string, string>>
  /** `a` unless told otherwise. */
  readonly hosts?: string
  /** How it is asked for here, and on Ansible's command line. */
  readonly asked?: { readonly here: Partial<RunRequest>; readonly there: readonly string[] }
  /** Where it is not Ansible's way: why, and what happens here instead. */
  readonly kept?: { readonly because: string; readonly here: Story }
}

/** A play for all hosts from its tasks, and its handlers. */
export const play = (tasks: string, more = ''): string =>
  `- hosts: all\n  gather_facts: false\n${more.replace(/^(?=.)/gm, '  ')}${more === '' ? '' : '\n'}  tasks:\n${tasks.replace(/^\n|\s+$/g, '').replace(/^(?=.)/gm, '    ')}\n`

export const well = (lines: readonly string[]): Story => ({ well: true, hosts: { a: lines } })
export const lost = (lines: readonly string[]): Story => ({ well: false, hosts: { a: lines } })
