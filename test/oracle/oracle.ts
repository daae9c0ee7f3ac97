import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { oraclePython } from './install.ts'

export interface OracleRow {
  /** The whole value as it stands in the playbook (`"{{ x }}"`), a condition, a bare expression, or a template file's text. */
  readonly expr: string
  /** `value` unless told otherwise. */
  readonly as?: 'value' | 'condition' | 'expression' | 'file'
  /** Variables of the playbook, whose templates are rendered. YAML text, where its types matter (`1.0`, `0644`). */
  readonly vars?: Readonly<Record<string, unknown>> | string
  /** Variables that come from a host: never rendered. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** Params of `template` for a file: `lstrip_blocks`, `trim_blocks`, `variable_start_string` ... */
  readonly overrides?: Readonly<Record<string, unknown>>
}

export type OracleAnswer =
  /** `repr` is Python's spelling and tells 1 from 1.0, and a list from a tuple; `type` is Python's name. */
  | { readonly ok: true; readonly type: string; readonly repr: string; readonly value: unknown }
  | { readonly ok: false; readonly error: string }

export interface OraclePlay {
  /** Texts by path, `site.yml` among them. They are written to a folder of the run's own. */
  readonly files: Readonly<Record<string, string>>
  /** After `-i`; `localhost,` unless told otherwise. */
  readonly inventory?: string
  readonly playbook?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Files of that folder whose text is wanted afterwards. */
  readonly keep?: readonly string[]
}

export interface OracleTask {
  readonly task: string
  readonly action: string
  readonly handler: boolean
  readonly host: string
  readonly status: 'ok' | 'changed' | 'skipped' | 'failed' | 'ignored' | 'unreachable'
  readonly result: Readonly<Record<string, unknown>>
}

export interface OraclePlayed {
  readonly exitCode: number
  /** In the order in which results came. */
  readonly tasks: readonly OracleTask[]
  readonly stats: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly output: string
  readonly kept: Readonly<Record<string, string>>
}

const ask = async <T>(program: string, questions: readonly unknown[]): Promise<T> => {
  const python = await oraclePython()
  return new Promise((resolve, reject) => {
    const settings = { LC_ALL: 'C.UTF-8', TZ: 'UTC', ANSIBLE_CONFIG: join(import.meta.dirname, 'ansible.cfg') }
    const options = { maxBuffer: 512 * 1024 * 1024, env: { ...process.env, ...settings } }
    const child = execFile(python, [join(import.meta.dirname, program)], options, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as T)
      else reject(new Error(`${program} failed: ${stderr}`, { cause: error }))
    })
    child.stdin?.end(JSON.stringify(questions))
  })
}

/** Real ansible-core. Ask once for all rows of a test file: a process starts in 0.7 s, a value takes 1 ms, a play 1 s. */
export const oracle = {
  values: (rows: readonly OracleRow[]): Promise<readonly OracleAnswer[]> => ask('values.py', rows),
  plays: (plays: readonly OraclePlay[]): Promise<readonly OraclePlayed[]> => ask('plays.py', plays),
}
