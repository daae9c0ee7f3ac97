interface Output {
  readonly isTTY?: boolean
}
type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether a picture that redraws itself, and colours, go with where the output goes. `NO_COLOR` and `CI` count when they
 * hold anything (no-color.org); `FORCE_COLOR` other than 0 wins over them.
 */
export function terminalLook(
  { isTTY }: Output,
  env: Environment,
): { readonly live: boolean; readonly colour: boolean } {
  const held = (name: string) => (env[name] ?? '') !== ''
  const plain = isTTY !== true || held('NO_COLOR') || (held('CI') && env['CI'] !== 'false') || env['TERM'] === 'dumb'
  return { live: !plain, colour: !plain || (held('FORCE_COLOR') && env['FORCE_COLOR'] !== '0') }
}
