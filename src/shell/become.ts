import { LOCALE_VARIABLE } from './frame.ts'

/** How to become another account. */
export interface BecomeOptions {
  readonly method: 'sudo' | 'su' | 'doas'
  readonly user: string
  /** True when the password is known already: then the first attempt uses it. */
  readonly passwordKnown?: boolean
  /** Asked once per run; the password is written to the program's stdin only. */
  readonly password: (prompt: string) => Promise<string>
}

// Runs the program in English and passes the account's own locale on, for commands that need it.
const ENGLISH_EXEC = `${LOCALE_VARIABLE}=$LC_ALL; LC_ALL=C; export LC_ALL ${LOCALE_VARIABLE}; exec "$@"`

/**
 * The argv that runs a command of `/bin/sh` as the user. With `prompt`, a nonce, the program asks for its password with that
 * text, which no other output of the host can imitate. Without, it must not ask and reads nothing from stdin, which belongs
 * to the shell.
 */
export function becomeArgv(way: BecomeOptions, command: string, prompt?: string): readonly string[] {
  // Their messages are parsed, so they must be in English.
  const start = ['sh', '-c', ENGLISH_EXEC, 'sh', way.method]
  // busybox's su takes options only before the user.
  if (way.method === 'su') return [...start, '-s', '/bin/sh', way.user, '-c', command]
  if (way.method === 'doas') return [...start, '-n', '-u', way.user, '/bin/sh', '-c', command]
  const asking = prompt === undefined ? ['-n'] : ['-S', '-p', prompt]
  return [...start, '-H', ...asking, '-u', way.user, '/bin/sh', '-c', command]
}

/** True when the program can be told never to ask: then the first frame is sent without waiting for a prompt. */
export const neverAsks = (way: BecomeOptions): boolean => way.method === 'doas' || way.method === 'sudo'

/** True when the output is a password prompt. The prompt of su cannot be set. */
export const asksForPassword = (way: BecomeOptions, said: string, prompt: string): boolean =>
  way.method === 'su' ? /password: ?$/i.test(said) : said.includes(prompt)

/** True when sudo, told not to ask, needs a password. */
export const wantsPassword = (way: BecomeOptions, stderr: string): boolean =>
  way.method === 'sudo' && /password is required|askpass/.test(stderr)

/** The error message for what the program printed, with a hint. */
export function explainBecome(way: BecomeOptions, stderr: string, host: string): string {
  const said = stderr.trim().split('\n').filter(Boolean).slice(-2).join('; ')
  const { method, user } = way
  const failed = `cannot become ${user} on ${host}`
  if (/ENOENT|not found|No such file or directory/.test(stderr))
    return `${failed}: ${method} is not installed there and the account is not ${user}; log in as ${user} or install ${method}`
  if (/unknown user|user .* does not exist|no passwd entry|not known/i.test(stderr))
    return `${failed}: there is no such account (${said})`
  if (/must have a tty|tty present|tty is required/i.test(stderr))
    return method === 'doas'
      ? `${failed}: doas asks for its password on a terminal only; permit this account with nopass`
      : `${failed}: sudo there asks for a terminal (requiretty); say 'Defaults:ACCOUNT !requiretty' in its sudoers`
  if (/not in the sudoers|not allowed|may not run|Operation not permitted|Auth\w+ required/i.test(stderr))
    return method === 'doas'
      ? `${failed}: doas does not permit it without a password (${said}); permit this account with nopass`
      : `${failed}: this account may not use ${method} for that (${said}); add it to the sudoers or log in as ${user}`
  if (/incorrect password|Sorry|Authentication failure|Permission denied|incorrect$/im.test(stderr))
    return `${failed}: the password was refused (one attempt was made); check -K, --become-password-file or ansible_become_password`
  if (/password is required|askpass/.test(stderr)) return `${failed}: ${method} wants a password; run again with -K`
  return `${failed} by ${method}: ${said === '' ? 'it ended without a word' : said}`
}
