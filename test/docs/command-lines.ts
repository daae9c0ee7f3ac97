// The command lines that a block shows, as they are typed: without prompts, descriptions and placeholders.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * How far a playbook of the role is tried: a dry run looks as root at a Debian. Elsewhere it is loaded and checked, which
 * listing its tasks does.
 */
export const tryRole: '--dry-run' | '--list-tasks' =
  existsSync('/usr/bin/apt-get') && (process.getuid?.() === 0 || spawnSync('sudo', ['-n', 'true']).status === 0)
    ? '--dry-run'
    : '--list-tasks'

/** Each command of a block; in a block with `$ ` the other lines are output. */
export const commandsOf = (text: string): readonly string[] => {
  const lines = text.replaceAll('\\\n', '').split('\n')
  const typed = lines.some(line => line.startsWith('$ '))
    ? lines.filter(line => line.startsWith('$ ')).map(line => line.slice(2))
    : lines
  return typed
    .map(line => line.replace(/ {2,}\S.*$/, '').trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .flatMap(line => line.split(' && '))
}

/** Whether the tests know how to check this command: by running it, or by its parser. */
export const isChecked = (command: string): boolean =>
  isMlplay(command) ||
  /^(?:MLPLAY_[A-Z0-9]+=1 )?npm (install|test|run \S+)\b/.test(command) ||
  /^cp -r \S+ \S+$/.test(command)

export const isMlplay = (command: string): boolean => /^(?:npx )?mlplay /.test(command)

/** Commands inside of sentences; a bare `mlplay exec` only names a subcommand. */
export const commandsInSentences = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:npx )?mlplay [^`]+)`/g)]
    .map(found => found[1] ?? '')
    .filter(command => /^(?:npx )?mlplay (?:(?:doc|schema)\b|\w+ \S)/.test(command))

const placeholders: Readonly<Record<string, string>> = {
  'PLAYBOOK...': 'site.yml',
  INVENTORY: 'fleet',
  SOURCE: 'fleet',
  PATTERN: 'w1',
  TAGS: 'all',
  'VAR=VALUE': 'a=1',
  NAME: 'w1',
  COMMAND: 'true',
  TASK: 'copy-file',
}

/** All that a synopsis allows: each alternative, with every `[option]` and with none, placeholders filled in. */
export const expand = (command: string): readonly string[] => {
  const [first = '', ...others] = command.split(' | ')
  const head = first.replace(/ --?\S+(?: [A-Z]+)?$/, '')
  const alternatives = [first, ...others.map(other => `${head} ${other}`)]
  return [...new Set(alternatives.flatMap(chooseOptional))].map(fillIn)
}

const chooseOptional = (command: string): readonly string[] => {
  const choices = /\[([^\]|\s]+(?:\|[^\]|\s]+)+)\]/.exec(command)
  const without = command.replace(/ \[[^\]]*\]/g, '')
  if (choices === null) return [without, command.replace(/\[([^\]]*)\]/g, '$1')]
  return [without, ...(choices[1] ?? '').split('|').map(choice => command.replace(choices[0], choice))]
}

const fillIn = (command: string): string =>
  command
    .split(' ')
    .map(word => {
      const value = placeholders[word]
      if (value === undefined && /^[A-Z]{3,}\b/.test(word))
        throw new Error(`'${command}' has the placeholder ${word}, which test/docs/command-lines.ts does not know`)
      return value ?? word
    })
    .join(' ')

/** The arguments of a command; one that would act on hosts is made to look only. */
export const harmless = (command: string): readonly string[] => {
  const words = command.replace(/^(?:npx )?mlplay /, '').split(' ')
  if (/['"$]/.test(command)) throw new Error(`'${command}' is quoted: that is not read here`)
  if (words[0] !== 'run' || /--(dry-run|check|list-\w+|help)\b/.test(command)) return words
  // Hosts of an example of a fleet are nowhere.
  if (words.includes('inventory/production')) return [...words, '--list-hosts']
  return [...words, words[1]?.startsWith('playbooks/') ? tryRole : '--dry-run']
}
