interface Output {
  readonly isTTY?: boolean
}
type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether the output supports a live view, and colours. `NO_COLOR` and `CI` count when they are not empty (no-color.org);
 * `FORCE_COLOR` other than 0 overrides them.
 */
export function terminalStyle(
  { isTTY }: Output,
  env: Environment,
): { readonly live: boolean; readonly colour: boolean } {
  const held = (name: string) => (env[name] ?? '') !== ''
  const plain = isTTY !== true || held('NO_COLOR') || (held('CI') && env['CI'] !== 'false') || env['TERM'] === 'dumb'
  return { live: !plain, colour: !plain || (held('FORCE_COLOR') && env['FORCE_COLOR'] !== '0') }
}
