/** What templates may ask of the machine that mlplay runs on. It only looks. */
export interface Controller {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** With all links followed; what is not there stays as it is. */
  readonly realpath: (path: string) => string
  /** What stands at a path. `link` tells of the link itself, the others of where it leads. */
  readonly look: (path: string) => PathLook
  /** The files that a shell's pattern names. */
  readonly glob: (pattern: string) => readonly string[]
}

export interface PathLook {
  readonly exists: boolean
  readonly file: boolean
  readonly directory: boolean
  readonly link: boolean
  readonly mount: boolean
  /** Tells one file from another. */
  readonly identity: string | undefined
}
