import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { repository } from '../e2e/mlplay.ts'

/** What a person does: waits for a text, then types, sends a signal, or closes the terminal. */
export interface Act {
  readonly after: string
  /** Seconds to wait on, once the text is there. */
  readonly pause?: number
  readonly type?: string
  readonly signal?: 'SIGTERM' | 'SIGHUP' | 'SIGINT'
  readonly close?: boolean
}
export interface Seen {
  readonly screen: string
  /** The exit code, or the number of the signal that ended it, negative. */
  readonly code: number
  /** Seconds from the last act to the end. */
  readonly took: number
}

// What a terminal does can only be seen from its other side, which Python's library opens without a native module.
const DRIVER = `
import fcntl, json, os, pty, select, signal, struct, sys, termios, time
argv, acts, size, out = json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0:
    if out: os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT), 2)
    os.execvp(argv[0], argv)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', size[1], size[0], 0, 0))
seen, mark, due, last, began = b'', 0, None, time.time(), time.time()
open_ = True
while open_:
    ready, _, _ = select.select([fd], [], [], 0.05)
    if ready:
        try: part = os.read(fd, 65536)
        except OSError: part = b''
        if not part: break
        seen += part
    if time.time() - began > 60:
        os.kill(pid, signal.SIGKILL)
        break
    if not acts: continue
    act = acts[0]
    if due is None:
        at = seen.find(act['after'].encode(), mark)
        if at < 0: continue
        mark, due = at + len(act['after']), time.time() + act.get('pause', 0.1)
    if time.time() < due: continue
    acts.pop(0)
    due, last = None, time.time()
    if 'type' in act: os.write(fd, act['type'].encode())
    if 'signal' in act: os.kill(pid, getattr(signal, act['signal']))
    if act.get('close'):
        os.close(fd)
        open_ = False
_, status = os.waitpid(pid, 0)
print(json.dumps({'screen': seen.decode(errors='replace').replace('\\r\\n', '\\n'), 'code': os.waitstatus_to_exitcode(status), 'took': time.time() - last}))
`

/** Runs the built command in a terminal of its own. `stderr`: a file to which it goes instead of to the screen. */
export async function inTerminal(
  args: readonly string[],
  acts: readonly Act[],
  more: { readonly cwd: string; readonly size?: readonly [columns: number, rows: number]; readonly stderr?: string },
): Promise<Seen> {
  const { CI: _, NO_COLOR: __, ...env } = process.env
  const driver = spawn('python3', ['-c', DRIVER], { cwd: more.cwd, env: { ...env, TERM: 'xterm' } })
  const printed: Buffer[] = []
  const complaints: Buffer[] = []
  driver.stdout.on('data', (chunk: Buffer) => printed.push(chunk))
  driver.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  driver.stdin.end(
    JSON.stringify([
      [process.execPath, join(repository, 'bin/mlplay.js'), ...args],
      acts,
      more.size ?? [100, 30],
      more.stderr ?? '',
    ]),
  )
  await new Promise(resolve => driver.once('close', resolve))
  if (printed.length === 0) throw new Error(Buffer.concat(complaints).toString())
  const seen = JSON.parse(Buffer.concat(printed).toString()) as Seen
  return { ...seen, screen: stripVTControlCharacters(seen.screen) }
}
