import { command } from './command.ts'

/** The mirror that this machine itself installs from, so that the lab works wherever `apt-get install` does. */
export async function mirror(): Promise<string> {
  const format = '$(ORIGIN) $(COMPONENT) $(SUITE) $(REPO_URI)'
  const { stdout } = await command(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'])
  const own = /^Debian main (?:old)*stable (\S+)$/m.exec(stdout)?.[1]
  if (own !== undefined && !own.startsWith('file:')) return own
  throw new Error(
    'the lab installs its hosts from where this machine has its packages, and apt names no Debian mirror here',
  )
}
