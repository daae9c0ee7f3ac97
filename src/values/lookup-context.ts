import type { Secrets } from '../text/redact.ts'

/** What lookups read and keep files with. */
export interface LookupContext {
  /** Where files are looked for; the last one is where passwords are kept. */
  readonly folders: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly random: (bytes: number) => Uint8Array
  readonly check: boolean
  readonly secrets: Secrets
  /** What a command prints that is run on this machine by its shell. */
  readonly pipe: (command: string, at: Pick<LookupContext, 'env'> & { readonly cwd: string }) => string
  /** Passwords made in this run, by file: a dry run shows the same one twice and writes none. */
  readonly made: Map<string, string>
}
