import { LOCALE_VARIABLE } from './frame.ts'

/** How a shell of another account is had. */
export interface BecomeOptions {
  readonly method: 'sudo' | 'su' | 'doas'
  readonly user: string
  /** True when the password is at hand already: then it is not first tried without one. */
  readonly passwordKnown?: boolean
  /** Asked once for the whole run; the answer goes to the program's stdin only. */
  readonly password: (prompt: string) => Promise<string>
}

// What the account's own locale was goes along, for the commands that are to run in it.
const ENGLISH_EXEC = `${LOCALE_VARIABLE}=$LC_ALL; LC_ALL=C; export LC_ALL ${LOCALE_VARIABLE}; exec "$@"`

/**
 * The argv that runs a command of `/bin/sh` as the user. With a prompt the program asks for its password by these very
 * words, a nonce, so nothing that a host prints can pass for it; without one it must not ask, and reads nothing from
 * stdin, so that what follows there is the shell's.
 */
export function becomeArgv(way: BecomeOptions, command: string, prompt?: string): readonly string[] {
  // What these programs say is looked at, so they say it in English.
  const start = ['sh', '-c', ENGLISH_EXEC, 'sh', way.method]
  // busybox wants su's options first.
  if (way.method === 'su') return [...start, '-s', '/bin/sh', way.user, '-c', command]
  if (way.method === 'doas') return [...start, '-n', '-u', way.user, '/bin/sh', '-c', command]
  const asking = prompt === undefined ? ['-n'] : ['-S', '-p', prompt]
  return [...start, '-H', ...asking, '-u', way.user, '/bin/sh', '-c', command]
}

/** True when the program can be told never to ask, so that a first frame may go down before it has said anything. */
export const neverAsks = (way: BecomeOptions): boolean => way.method === 'doas' || way.method === 'sudo'

/** What the program printed when it wants a password on stdin. su cannot be told what to say. */
export const asksForPassword = (way: BecomeOptions, said: string, prompt: string): boolean =>
  way.method === 'su' ? /password: ?$/i.test(said) : said.includes(prompt)

/** sudo was told not to ask, and would have to. */
export const wantsPassword = (way: BecomeOptions, stderr: string): boolean =>
  way.method === 'sudo' && /password is required|askpass/.test(stderr)

/** What the program's own words mean, with the cure. */
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
