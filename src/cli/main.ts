import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { Fault } from '../model/fault.ts'
import { connections } from '../model/target.ts'
import { Interrupted } from '../shell/interrupted.ts'
import { paintWith } from '../text/colour.ts'
import { Secrets } from '../text/redact.ts'
import { closeTerminal } from './close-terminal.ts'
import type { DocOptions } from './doc.ts'
import type { RunOptions } from './run.ts'

const collect = (value: string, all: readonly string[] = []): readonly string[] => [...all, value]
const many = (value: string, all: readonly string[] = []): readonly string[] => [
  ...all,
  ...value
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== ''),
]
const count = (_: string, level = 0): number => level + 1
const positive = (value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number of at least 1')
  return number
}

/** Runs the command line and sets the exit code of the process (docs/exit-codes.md). */
export async function main(argv: readonly string[]): Promise<void> {
  // A closed pipe (`| head`) is no error. During a run ReportOutput handles it.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount('error') > 1) return
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    process.exitCode = 1
  })
  process.stderr.on('error', () => {})
  process.on('exit', closeTerminal)
  try {
    process.exitCode = await dispatch(argv)
  } catch (error) {
    process.exitCode = reportError(error, argv)
  }
  // Do not wait for handles that a library still holds open.
  setTimeout(() => process.exit(), LINGER).unref()
}

async function dispatch(argv: readonly string[]): Promise<number> {
  let code = 0
  const program = new Command('mlplay')
    .description('Declarative, verified, reversible playbooks for machines and fleets')
    .version('', '-V, --version', 'the version')
    .exitOverride()
    .showHelpAfterError('(see mlplay --help)')
    .configureHelp({ showGlobalOptions: false })
  const inventory = new Option(
    '-i, --inventory <source>',
    'inventory: a file, a folder, a program, or hosts with commas (may be repeated)',
  ).argParser(collect)
  const extra = new Option('-e, --extra-vars <vars>', 'variables: NAME=VALUE, or @FILE').argParser(collect)

  const withRunOptions = (command: Command): Command =>
    command
      .addOption(inventory)
      .addOption(extra)
      .option(
        '-l, --limit <pattern>',
        'only these hosts; @FILE: one pattern per line; @failed: those that failed or were unreachable in the last run; @rest: those, and the ones it stopped or did not start',
      )
      .option('-f, --forks <number>', 'number of hosts that run at once', positive, 50)
      .option('-b, --become', 'become another account (root unless --become-user)')
      .option('--become-user <name>', 'the account to become')
      .option('-K, --ask-become-pass', 'ask for the become password')
      .option('--become-password-file <file>', 'a file with the become password')
      .option('-u, --user <name>', 'the account to log in as')
      .option('-k, --ask-pass', 'ask for the login password')
      .option('--connection-password-file <file>', 'a file with the login password')
      .option('--private-key <file>', 'the key to log in with')
      .addOption(new Option('-c, --connection <kind>', 'how to reach hosts').choices(connections))
      .option('--timeout <seconds>', 'connect timeout (10)', positive)
      .addOption(
        new Option(
          '--host-key-checking <how>',
          'strict, or accept-new: accept and store the key of an unknown host',
        ).choices(['strict', 'accept-new']),
      )
      .option('--ssh-common-args <args>', "options for ssh, such as '-o ProxyJump=bastion'")
      .addOption(new Option('-o, --output <kind>', 'output format').choices(['live', 'plain', 'json', 'junit']))
      .option('-v, --verbose', 'more output (-vv: still more)', count, 0)

  withRunOptions(program.command('run'))
    .description('run playbooks')
    .argument('<playbook...>')
    .option('-C, --check', 'change nothing, report what would change')
    .option('-D, --diff', 'show the diff of each change')
    .option('--dry-run', '--check and --diff')
    .option('-t, --tags <tags>', 'only tasks with these tags', many)
    .option('--skip-tags <tags>', 'no tasks with these tags', many)
    .option('--start-at-task <name>', 'start at this task')
    .option('--step', 'ask before each task')
    .option('--list-hosts', 'list the hosts and exit')
    .option('--list-tasks', 'list the tasks and exit')
    .option('--list-tags', 'list the tags and exit')
    .option('--detailed-exitcode', 'with --check: exit code 5 when changes are pending')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 2 a host failed, 3 bad input and nothing touched, 4 a host unreachable, 5 changes pending\n(--check --detailed-exitcode), 130 interrupted.\n\nExample:\n  mlplay run playbooks/mlflow-proxy.yml -i inventory/dev --dry-run',
    )
    .action(async (playbooks: readonly string[], options: RunOptions) => {
      code = await (await import('./run.ts')).run(playbooks, options)
    })

  program
    .command('validate')
    .description('check playbooks without touching any host')
    .argument('<playbook...>')
    .addOption(inventory)
    .addOption(extra)
    .action(async (playbooks: readonly string[], options: RunOptions) => {
      code = await (await import('./validate.ts')).validate(playbooks, options)
    })

  program
    .command('inventory')
    .description('show the hosts and groups of an inventory')
    .addOption(inventory)
    .option('--list', 'all of it, as JSON')
    .option('--graph', 'groups and hosts as a tree')
    .option('--host <name>', "one host's variables, as JSON")
    .action(
      async (options: { readonly inventory?: readonly string[]; readonly graph?: boolean; readonly host?: string }) => {
        code = await (await import('./inventory.ts')).inventory(options)
      },
    )

  withRunOptions(program.command('exec'))
    .description('run one command on many hosts')
    .argument('<pattern>', 'pattern of hosts')
    .argument('<command...>', 'after --: one word is run by a shell, several are a program and its arguments')
    .action(async (pattern: string, command: readonly string[], options: RunOptions) => {
      code = await (await import('./exec.ts')).exec(pattern, command, options)
    })

  program
    .command('doc')
    .description('the task types, one of them in full, or the settings of a role')
    .argument('[name]', 'a task type, or a role below roles/')
    .option('--markdown', 'print the settings of a role as Markdown')
    .action(async (name: string | undefined, options: DocOptions) => {
      code = (await import('./doc.ts')).doc(name, options)
    })

  program
    .command('schema')
    .description('JSON Schema for editors')
    .argument('[what]', 'playbook or inventory', 'playbook')
    .action(async (what: string) => {
      code = (await import('./schema.ts')).schema(what)
    })

  await program.parseAsync(argv, { from: 'user' })
  return code
}

/** Milliseconds for connections to close after the last output. */
const LINGER = 500

/** A file of the wrong kind has an error in every line; only this many are shown. */
const MAX_FAULTS = 100

/** The right command for a common mistake that commander rejects. */
const hintFor = (code: string, argv: readonly string[]): string | undefined => {
  const [first = '', ...rest] = argv
  if (code === 'commander.unknownCommand' && /\.ya?ml$/.test(first)) return `mlplay run ${argv.join(' ')}`
  if (code === 'commander.unknownOption' && first === 'exec' && !argv.includes('--'))
    return `put -- before the command: mlplay exec ${rest[0] ?? 'PATTERN'} -- ${rest.slice(1).join(' ')}`
  return undefined
}

/** Prints an error on stderr and returns the exit code. */
function reportError(error: unknown, argv: readonly string[]): number {
  // No secrets are registered before a run, but URL passwords, hashes and private keys are recognised by pattern.
  const secrets = new Secrets()
  const say = (text: string) => process.stderr.write(`${secrets.mask(text)}\n`)
  if (error instanceof Interrupted) {
    say('Interrupted. Nothing was touched.')
    return 130
  }
  if (error instanceof CommanderError) {
    const hint = hintFor(error.code, argv)
    if (hint !== undefined) say(`hint: ${hint}`)
    return error.exitCode === 0 ? 0 : 3
  }
  if (error instanceof Fault) {
    const paint = paintWith(process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined)
    const told = error.all.slice(0, MAX_FAULTS)
    for (const fault of told) say(`${paint('red', 'error:')} ${fault.describe().replaceAll(`${process.cwd()}/`, '')}\n`)
    const shown = told.length < error.all.length ? `, the first ${told.length} shown` : ''
    say(error.all.length === 1 ? 'Nothing was touched.' : `${error.all.length} errors${shown}. Nothing was touched.`)
    return 3
  }
  say(
    `This is a bug in mlplay, not in your files. What it was doing:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  )
  return 1
}
