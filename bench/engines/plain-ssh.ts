import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must } from '../../test/lab/command.ts'
import { measure } from '../measure.ts'
import type { Place } from '../place.ts'
import { type Engine, roleFolder } from './engine.ts'
import { mlplayBin, mlplayRole } from './mlplay.ts'

// Keeps what goes to the host and passes it on: all but the questions about the configuration.
const recorder = `#!/bin/sh
PATH=\${PATH#*:}
for word do [ "$word" = -G ] && exec ssh "$@"; done
for word do last=$word; done
printf %s "$last" > "$RECORD/words"
tee "$RECORD/stdin" | ssh "$@"
`

const side = 'for host in $HOSTS; do ssh -F "$CONFIG" "$host" "$WORDS" < "$STDIN" > /dev/null & done; wait'

/**
 * The limit: the very bytes that mlplay sends to a converged host, recorded on their way and sent again by OpenSSH's own
 * client, one process a host, side by side. It does not look at the answers.
 */
export const plainSsh = (): Engine => ({
  name: 'ssh carrying all probes (the limit)',
  run: async place => {
    const record = join(place.folder, 'record')
    if (!existsSync(join(record, 'stdin'))) await recordProbes(place, record)
    return measure({
      argv: ['sh', '-c', `WORDS=$(cat "$RECORD/words"); STDIN=$RECORD/stdin; ${side}`],
      env: { RECORD: record, CONFIG: place.sshConfig, HOSTS: place.hosts.join(' ') },
    })
  },
})

async function recordProbes(place: Place, record: string): Promise<void> {
  mkdirSync(record, { recursive: true })
  writeFileSync(join(record, 'ssh'), recorder, { mode: 0o755 })
  const env = { ...process.env, PATH: `${record}:${process.env['PATH']}`, RECORD: record }
  const argv = [process.execPath, mlplayBin, 'run', mlplayRole, '-i', place.inventory, '-l', place.hosts[0] ?? '']
  await must([...argv, '-e', 'ansible_connection=openssh'], { env })
}

/** The role as one would type it for one machine: no question asked, all written anew. For first runs. */
export const byHand = (): Engine => ({
  name: 'ssh carrying a script by hand',
  run: place =>
    measure({
      argv: ['sh', '-c', `WORDS='exec /bin/sh'; STDIN=${join(roleFolder, 'by-hand.sh')}; ${side}`],
      env: { CONFIG: place.sshConfig, HOSTS: place.hosts.join(' ') },
    }),
})
