import { type ExecFileException, execFile } from 'node:child_process'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs?: number
}

/** A program of this machine, run to its end; a bad exit code is a value. */
export const command = (argv: readonly string[], options: CommandOptions = {}): Promise<Ended> =>
  new Promise((done, reject) => {
    const [file = '', ...args] = argv
    const settings = { maxBuffer: 64 << 20, timeout: options.timeoutMs ?? 0, ...(options.env && { env: options.env }) }
    const child = execFile(file, args, settings, (error: ExecFileException | null, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT')
        reject(new Error(`the lab needs ${file}: run \`sh test/lab/setup.sh\` as root`))
      else done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, stdout, stderr })
    })
    child.stdin?.end()
  })

/** The same where only success will do: its stdout, or an error with what it said. */
export const must = async (argv: readonly string[], options: CommandOptions = {}): Promise<string> => {
  const ended = await command(argv, options)
  if (ended.code !== 0)
    throw new Error(`${argv.join(' ').slice(0, 300)} ended with ${ended.code}\n${(ended.stderr + ended.stdout).trim()}`)
  return ended.stdout
}
