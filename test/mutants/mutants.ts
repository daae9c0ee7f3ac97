/** A change of the code that must be noticed: a text that stands once in src/tasks, src/run and what they stand on, and what to write instead. */
export interface Mutant {
  readonly text: string
  readonly instead: string
  /** Names of the test files that should notice, without `.test.ts`. */
  readonly tests: readonly string[]
}

const of =
  (...tests: readonly string[]) =>
  (text: string, instead: string): Mutant => ({ text, instead, tests })

const service = of('service.plan')
const restart = of('service-restart.plan')
const port = of('port-check.plan')
const wait = of('wait-for.plan')
const http = of('http-check.plan')
const folder = of('ensure-dir.plan')
const copy = of('copy-file.plan')
const remove = of('remove-path.plan')
const link = of('symlink.plan')
const line = of('edit-lines', 'line-in-file.plan')
const group = of('group.plan')
const user = of('system-user.plan')
const htpasswd = of('htpasswd-user.plan', 'password-file')
const apt = of('apt-install.plan')
const command = of('command.plan')
const undo = of('undo')
const verify = of('verify')
const exit = of('exit-code')
const host = of('host-state')
const batch = of('batch')
const registered = of('record')
const probe = of('probe-protocol')
const requires = of('requirements')
const dry = of('dry-run')
const play = of('run-playbooks', 'failed-change')
const handlers = of('handlers-for', 'handlers')

export const mutants: readonly Mutant[] = [
  service(
    "sh: tellAnew(name, start ? 'start' : 'stop', manager)",
    "sh: tellAnew(name, start ? 'stop' : 'start', manager)",
  ),
  service('found.running !== true && !isBusy(found))', 'found.running !== true)'),
  service("if (state === 'started' && !isUp(after))", 'if (false)'),
  service('(!passing && enabled === is)) return []', '(enabled === is)) return []'),
  service(
    "expects(expected, 'package', unitName(name)) === 'certain'",
    "expects(expected, 'package', unitName(name)) !== undefined",
  ),
  service('running: found.held !== true }', 'running: true }'),
  service("    case 'alias':\n", ''),
  service('return enabled === true || masked ? startupOf', 'return masked ? startupOf'),
  service('name === read || name.startsWith(`${read}/`)', 'name.startsWith(read)'),
  restart('before.boot === after.boot', 'before.boot !== after.boot'),
  restart("found.running === true ? mode : 'start'", "found.running === true ? 'start' : mode"),
  port('only_local === true && open.length > 0', 'only_local !== true && open.length > 0'),
  port('!loopback.includes(address)', 'loopback.includes(address)'),
  port('accounts !== undefined && !accounts.includes(name)', 'accounts !== undefined && accounts.includes(name)'),
  wait("isGone(params.state) ? 'still' : 'not'", "isGone(params.state) ? 'not' : 'still'"),
  wait('=> timeout + delay', '=> timeout'),
  wait('patient && params.delay > 0', 'params.delay > 0'),
  http('if (!codes.includes(got.code))', 'if (codes.includes(got.code))'),
  http('!value.toLowerCase().includes(String(text).toLowerCase())', '!value.includes(String(text))'),
  http("!['GET', 'HEAD', 'OPTIONS'].includes", "!['GET', 'HEAD', 'OPTIONS', 'POST'].includes"),
  http("'$1:********@'", "'$1@'"),
  folder('may !== true && !expects(', 'may !== true && expects('),
  folder('if (blocked !== undefined) return', 'if (false) return'),
  folder("provides: [{ kind: 'path', name: path }],\n    sh: makeFolders", 'provides: [],\n    sh: makeFolders'),
  copy('if (exists && same(content.bytes, found))', 'if (exists && !same(content.bytes, found))'),
  copy(
    "mode: wanted.mode ?? (exists ? has.mode : '0644'),\n  }\n  const undo",
    "mode: wanted.mode ?? '0644',\n  }\n  const undo",
  ),
  copy('& 0o044) === 0', '& 0o044) !== 0'),
  copy('if (mode !== undefined && mode !== has.mode)', 'if (mode !== undefined && mode === has.mode)'),
  copy(
    "if (unknown !== undefined || expects(expected, 'path', folder)) return unknown",
    'if (unknown !== undefined || expected.length > 0) return unknown',
  ),
  copy("expects(expected, kind as 'user' | 'group', name) ? []", 'expected.length > 0 ? []'),
  remove("path.startsWith('~') ? 2 : 3", "path.startsWith('~') ? 2 : 2"),
  remove('/[0-3]$/.test', '/[4-7]$/.test'),
  link("kind === 'file' && force !== true", "kind === 'file' && force === true"),
  link('found.leads === true || force === true || isExpected', 'found.leads === true || isExpected'),
  line("found.kind === 'absent' && params.create === false", "found.kind === 'absent' && params.create === true"),
  line('firstmatch ? found[0] : found.at(-1)', 'firstmatch ? found.at(-1) : found[0]'),
  line('insertafter === undefined ? at : at + 1', 'insertafter === undefined ? at + 1 : at'),
  line('return backrefs ? {', 'return !backrefs ? {'),
  line('lines.filter(line => !find(line))', 'lines.filter(line => find(line))'),
  group('if (now === undefined || was === now) return []', 'if (now === undefined || was !== now) return []'),
  group('undo: { sh: set(key, was) }', 'undo: { sh: set(key, now) }'),
  group("system ? ['-r'] : []", "system ? [] : ['-r']"),
  user('groups.filter(group => !member.includes(group))', 'groups.filter(group => member.includes(group))'),
  user("found.unknown.filter(group => !expects(expected, 'group', group))", 'found.unknown'),
  htpasswd('if (names.has(name)) return', 'if (!names.has(name)) return'),
  htpasswd('Buffer.byteLength(password) > 72', 'Buffer.byteLength(password) > 720'),
  htpasswd("wanted.state === 'absent' || done.has(name)", "wanted.state === 'absent'"),
  apt('absent ? one.removable : one.lacking', 'absent ? one.lacking : one.removable'),
  apt('if (list.length === 0 && (absent || !refresh))', 'if (list.length === 0)'),
  apt("lacking: !has || (state === 'latest' && news)", 'lacking: !has'),
  apt('latest && one.held && one.news', 'latest && one.news'),
  apt('age > cache_valid_time', 'age < cache_valid_time'),
  apt("purge === true && known.status[1] === 'c'", "known.status[1] === 'c'"),
  command('found.creates === true) return { idle', 'found.creates !== true) return { idle'),
  command('(found.unless ?? 0) > 127)', '(found.unless ?? 0) > 126)'),
  command("expects(expected, 'path') ?? expects(expected, 'program')", 'expected[0]'),
  command('guards.stdin_add_newline === false', 'guards.stdin_add_newline === true'),
  of('assert.plan')('holds !== true)', 'holds === false)'),
  of('debug.plan')('verbosity > given', 'verbosity >= given'),
  of('facts.plan')("pkg_mgr === 'apt-get' ? 'apt' :", "pkg_mgr === 'apt-get' ? 'apt-get' :"),
  of('nginx-test.plan')('if (code === 0)\n      return {', 'if (code !== 0)\n      return {'),

  undo('one.change.afterUndo === undefined).toReversed()', 'one.change.afterUndo === undefined)'),
  undo('outcome.changes.slice(0, outcome.made)', 'outcome.changes'),
  undo('stretch.filter((_, at) => outputs[at]?.code === 0)', 'stretch'),
  undo('!due.has(handler) && !again.has(handler)', '!again.has(handler)'),
  verify(
    'type.verify === undefined ? leftOver(decide(after)) : wrongAfter(type, params, { before, after })',
    'undefined',
  ),
  verify('output.code !== NOT_RUN).length', 'true).length'),
  verify('if (answer !== undefined) return judgeAnswer', 'if (false) return judgeAnswer'),
  verify('if (left.problem !== undefined || whats ===', 'if (left.problem !== undefined || whats !=='),
  exit('pending && request.detailedExitcode === true ? 5 : 0', 'pending ? 5 : 0'),
  exit("if (broken || hosts.some(memory => memory.lost === 'failed')) return 2", 'if (broken) return 2'),
  exit('memory.counts.changed > 0 || memory.mayChange', 'memory.counts.changed > 0'),
  host("this.lost === 'failed' ? 'failed' : how", 'how'),
  host("if (status !== 'rescued') this.counts", 'this.counts'),
  host("if (made > 0 && (status === 'failed'", "if (made >= 0 && (status === 'failed'"),
  batch('if (this.#lost.has(host)) return', ''),
  batch('if (closing) return undefined', ''),
  batch("what === 'play' ? 'play' : (this.#ended ?? 'batch')", 'what'),
  batch('!isBefore(this.#stopped.position, position)', 'isBefore(this.#stopped.position, position)'),
  registered("changed: some('changed')", "changed: some('failed')"),
  registered(
    "ended.every(({ outcome }) => outcome.status === 'skipped')",
    "ended.some(({ outcome }) => outcome.status === 'skipped')",
  ),
  probe('if (code === 0) return undefined\n  const said', 'if (code !== 0) return undefined\n  const said'),
  probe("property.contentEncoding === '8bit'", "property.contentEncoding !== '8bit'"),
  requires('plan.changes.length === 0 || plan.problem !== undefined', 'plan.problem !== undefined'),
  requires('= 0 ] || fact', '= 0 ] && fact'),
  dry('if (by.check) return', 'if (false) return'),
  dry('const dry = by.pending.length > 0', 'const dry = false'),
  dry('expected.push(...outcome.changes.flatMap(providedBy))', ''),
  play('made: changed ? outcome.made : 0', 'made: outcome.made'),
  play(
    "outcome.status === 'failed' ? 'failed' : changed ? 'changed' : 'ok'",
    "outcome.status === 'failed' ? 'failed' : changed ? 'ok' : 'changed'",
  ),
  play('retries !== undefined && attempt <= retries', 'retries !== undefined && attempt < retries'),
  of('forgiven')("last.status === 'failed' && item.keywords.ignoresErrors", 'item.keywords.ignoresErrors'),
  of('wait-for')('plan.problem !== undefined && !dry && type.probe !== undefined', 'false'),
  of('waits-for-others')('if (away && made > 0) target.touched++', ''),
  handlers('from.callers.toReversed()', 'from.callers'),
  handlers('named.at(-1)?.handler.role?.path', 'named[0]?.handler.role?.path'),
  handlers('one.listen.includes(name)', 'false'),
  handlers(
    'for (const handler of handlers) this.#wait(handler)',
    'for (const handler of handlers.slice(1)) this.#wait(handler)',
  ),
]
