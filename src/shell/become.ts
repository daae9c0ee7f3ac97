/** How a shell of another account is had: the words before `/bin/sh` and how a password is asked for. */
export interface BecomeWay {
  readonly method: 'sudo' | 'su' | 'doas'
  readonly user: string
  /** Asked once for the whole run; the answer goes to the program's stdin only. */
  readonly password: (prompt: string) => Promise<string>
}

/** The argv that starts `/bin/sh` as the user. The prompt is a nonce, so nothing a host prints can pass for it. */
export function becomeArgv(way: BecomeWay, prompt: string, ready: string): readonly string[] {
  const start = `printf '%s' ${ready}; exec /bin/sh`
  if (way.method === 'su') return ['su', way.user, '-s', '/bin/sh', '-c', start]
  if (way.method === 'doas') return ['doas', '-u', way.user, '/bin/sh', '-c', start]
  return ['sudo', '-H', '-S', '-p', prompt, '-u', way.user, '/bin/sh', '-c', start]
}

/** What sudo's own words mean, with the cure. */
export function explainBecome(way: BecomeWay, stderr: string): string {
  const said = stderr.trim().split('\n').filter(Boolean).slice(-2).join('; ')
  if (/ENOENT|not found/.test(stderr))
    return `cannot become ${way.user}: ${way.method} is not installed here and this account is not ${way.user}; run as ${way.user} or install ${way.method}`
  if (/not in the sudoers|not allowed/.test(stderr))
    return `cannot become ${way.user}: this account may not use sudo for that (${said}); add it to the sudoers or log in as ${way.user}`
  if (/must have a tty|tty present/.test(stderr))
    return `cannot become ${way.user}: sudo here asks for a terminal (requiretty); drop requiretty for this account`
  if (/incorrect password|Sorry|Authentication failure/.test(stderr))
    return `cannot become ${way.user}: the password was refused (one attempt was made)`
  if (/password is required/.test(stderr))
    return `cannot become ${way.user}: ${way.method} wants a password; run again with -K`
  return `cannot become ${way.user} by ${way.method}: ${said === '' ? 'it ended without a word' : said}`
}
