import { beforeAll, describe, expect, it } from 'vitest'
import { Temporal } from '../../../src/template/moment.ts'
import { renderString, type Scope, TemplateError } from '../../../src/template/template.ts'
import { repr } from '../../../src/template/values.ts'
import { type OracleAnswer, oracle } from '../../oracle/oracle.ts'

const variables: Readonly<Record<string, unknown>> = {
  hv: { w1: { ip: '10.0.0.1', more: { port: 80 } }, w2: { ip: '10.0.0.2', more: { port: 81 } } },
  s: 'hello World',
  blanks: '  a   b  c ',
  rows: [{ m: 'x' }, { m: 'y' }],
}
const scope: Scope = { get: name => variables[name], has: name => Object.hasOwn(variables, name) }

const same: readonly string[] = [
  ...[
    "'10.3' is version('10', operator='>=')",
    "'ABC' is search('abc', ignorecase=true)",
    "['w1'] | map('extract', hv, 'ip') | list",
  ],
  ...[
    "['w1', 'w2'] | map('extract', hv, ['more', 'port']) | list",
    "['w1'] | map('extract', hv, morekeys='ip') | list",
  ],
  ...[
    "{'l': [1]} | combine({'l': [2]}, list_merge='append')",
    "'aaa' | regex_replace('a', 'b', count=1)",
    "'x' | comment('cblock')",
  ],
  ...[
    "'x' | password_hash('sha512', 'saltsalt', rounds=10000)",
    "[3,1] | sort(atribute='x')",
    "'x' | default('y', foo=1)",
  ],
  ...[
    "'12.11' is version('11', operator='ge')",
    "'1.0' is version('1.0.0', '==')",
    "'1.2rc1' is version('1.2', '<')",
    "'1.2.3' is version('1.2.a', '<')",
  ],
  ...[
    "'1.0.0-rc.1' is version('1.0.0', '<', version_type='semver')",
    "'1.0.dev1' is version('1.0a1', '<', version_type='pep440')",
  ],
  ...[
    "[{'m': 'x'}, {}] | join(',', attribute='m')",
    '[] | random',
    '[].pop()',
    "{}.pop('k')",
    '[] | first',
    "{'k': 1}.pop('k')",
    "{}.pop('k', 2)",
  ],
  ...[
    "'a,B,b,A' | split(',') | unique",
    "[{'n': 'A'}, {'n': 'a'}] | groupby('n')",
    "'https://h:443/p?q#f' | urlsplit",
    "'//localhost:80' | urlsplit('port')",
  ],
  ...[
    "'José' | regex_replace('[^\\w]', '')",
    "'😀x' is match('^..$')",
    "'a😀' | regex_findall('.')",
    "'ab12' | regex_replace('([a-z]+)([0-9]+)', '\\2-\\1')",
  ],
  ...[
    "'v1.2' | regex_search('v(\\d+)\\.(\\d+)', '\\1', '\\2')",
    "'a1' | regex_search('(?P<n>\\d)', '\\g<n>')",
    "'A b' | lower | regex_replace('[^\\w]+', '-')",
  ],
  ...[
    "s.find('o', 5)",
    "s.find('o', 0, 4)",
    "s.rfind('o', 0, 5)",
    "s.index('zz')",
    "s.count('o', 5)",
    "s.replace('o', '0', -1)",
    "s.replace('o', '0', 1)",
  ],
  ...[
    'blanks.split(none, 1)',
    'blanks.split(maxsplit=1)',
    'blanks.rsplit(none, 1)',
    "'a-b-c'.rsplit('-', 1)",
    "'a b'.strip()",
    "'\u00a0x\u00a0'.strip()",
  ],
  ...[
    "s.startswith('World', 6)",
    "s.endswith('lo', 0, 5)",
    "s.split(sep='o')",
    's.split(nope=1)',
    "s.center(20, '*')",
    's.zfill(15)',
    "'-5'.zfill(4)",
    's.nope()',
    's.upper(1)',
  ],
  ...[
    "s.partition('o')",
    "s.rpartition('zz')",
    "'{0} {a}'.format(1, a=2)",
    "'a\\tb'.expandtabs(tabsize=4)",
    's.title()',
    's.swapcase()',
    "'ß'.casefold()",
  ],
  ...[
    '[1, 2, 1].index(1, 1)',
    '[1, 2, 1].count(1)',
    "hv.get('zz', 4)",
    "hv.get('w1').ip",
    'hv.keys() | list',
    "'x'.join(['a', 'b'])",
    "'x'.join([1])",
  ],
  ...[
    '5 | length',
    'none | length',
    "'a: [' | from_yaml",
    "'' | from_yaml",
    "'x' | hash('nope')",
    "'{' | from_json",
    "'[1.0, 12345678901234567890]' | from_json",
    '\'{"a": NaN}\' | from_json | string',
  ],
  ...[
    "'mode: 0644' | from_yaml",
    "'a: yes' | from_yaml",
    "'a: 1:30' | from_yaml",
    "'a: 0o14' | from_yaml",
    "'a: 1e3' | from_yaml",
    "'a: 0x1f' | from_yaml",
    "'a: 1_000' | from_yaml",
  ],
  ...[
    "'a' is ansible.builtin.match('a')",
    "'a' | ansible.builtin.upper",
    "[1, 'a'] | select('ansible.builtin.string') | list",
    "['a'] | map('ansible.builtin.upper') | list",
  ],
  ...[
    "rows | map(attribute='m') | join",
    "rows | map(attribute='zz', default='d') | list",
    "rows | selectattr('m', 'match', 'X', ignorecase=true) | list",
    "rows | items2dict(key_name='m', value_name='m')",
  ],
  ...[
    "nope | upper | default('z')",
    "'a' | regex_replace(nope, '') | default('z')",
    "nope.a | default(also_not) | default('z')",
    "'{:>5}'.format(1)",
  ],
  ...[
    "{'a': 'word ' * 30, 'b': ['- x', 'it''s'], 'c': {'d': [1.0, none, true, 'yes', '0644', '']}} | to_nice_yaml",
    "[[1], {'a': [{'b': 1}]}] | to_nice_yaml(indent=2)",
  ],
  ...[
    "'/etc//nginx/../x' | normpath",
    "['/a/b/c', '/a/b/d'] | commonpath",
    "['/a', 'b', '/c'] | path_join",
    "'a.tar.gz' | splitext",
    "'.bashrc' | splitext",
    "'10 KB' | human_to_bytes",
  ],
  "[{'a': 1}, {}] | map(attribute='a') | map('default', 'z') | list",
  "[{'a': 1}, {}] | map(attribute='a') | select('defined') | list",
  "[{'a': 1}, {}] | map(attribute='a') | list",
  "[{'a': 1}, {}] | map(attribute='a') | join(',')",
  "['k'] | map('extract', {}) | map('default', 'd') | list",
  "[[nope, 1]] | map('first') | map('default', 2) | list",
  "[nope, 1] | select('defined') | list",
  "[{'a': 1}, {}] | selectattr('a', 'undefined') | list | length",
  "'{:>{w}}|{:{f}^{w}}'.format('a', 'b', w=5, f='*')",
  "'{:g} {:g} {:g} {:g} {:.3g} {:g} {:g}'.format(0.00001, 1e20, 123456789, 1.0, 1234.5, 0, 100000)",
  "'%g %g %g' % (1e-5, 1000000, 0.1)",
  "'{:.3}'.format('abcdef')",
  "'{:+d} {: d}'.format(3, 4)",
  "'{:08.3f}'.format(3.14159)",
  "'{:,.2f}'.format(12345.678)",
  "'{:_}'.format(1234567)",
  "'{:s}'.format('a')",
  "'{:d}'.format('a')",
  "'{:>10s}'.format('abc')",
  "'{:c}'.format(65)",
  "'{{}}'.format()",
  "'{'.format()",
  "'{} {}'.format(1)",
  '[now(), 1] | length',
  "['2021-03-04 05:06:07' | to_datetime]",
  "{'a': '2021-03-04 05:06:07' | to_datetime}",
  "'2021-03-04 05:06:07' | to_datetime | string",
  "('2021-03-04 05:06:07' | to_datetime) | to_json",
  "('2021-03-04 05:06:07' | to_datetime).date()",
  "('2021-03-04 05:06:07' | to_datetime).date().isoformat()",
  "('2021-03-04 05:06:07' | to_datetime).weekday()",
  "('2021-03-04 05:06:07' | to_datetime).isoweekday()",
  "('2021-03-04 05:06:07' | to_datetime).nope",
  "('2021-03-04 05:06:07' | to_datetime) | type_debug",
  "('2021-03-04T05:06:07.123Z' | to_datetime('%Y-%m-%dT%H:%M:%S.%fZ'))",
  "('2021-03-04T05:06:07+0200' | to_datetime('%Y-%m-%dT%H:%M:%S%z'))",
  "('2021-03-04T05:06:07+0200' | to_datetime('%Y-%m-%dT%H:%M:%S%z')).isoformat()",
  "('Dec 31 23:59:59 2030 GMT' | to_datetime('%b %d %H:%M:%S %Y GMT') - '2021-03-04 05:06:07' | to_datetime).days",
  "(('2021-03-04 05:06:07' | to_datetime) - ('2021-03-05 05:06:07' | to_datetime)).total_seconds()",
  "(('2021-03-05 05:06:07' | to_datetime) - ('2021-03-04 05:06:07' | to_datetime)).days",
  "((('2021-03-05 05:06:07' | to_datetime) - ('2021-03-04 05:06:07' | to_datetime)).total_seconds() / 3600) | int",
  "('2021-03-05 05:06:07' | to_datetime) + (('2021-03-05 05:06:07' | to_datetime) - ('2021-03-04 05:06:07' | to_datetime))",
  "('2021-02-30' | to_datetime('%Y-%m-%d'))",
  "('21-2-3' | to_datetime('%y-%m-%d'))",
  "('2021 060' | to_datetime('%Y %j'))",
  "('5:06 PM' | to_datetime('%I:%M %p'))",
  "('2021-03-04 05:06:07' | to_datetime) == ('2021-03-04 05:06:07' | to_datetime)",
  "('2021-03-04 05:06:07' | to_datetime) > '2020'",
  "('2021-03-04 05:06:07' | to_datetime) - 5",
  '5 | to_datetime',
  "'2021-03-04 05:06:07.5' | to_datetime('%Y-%m-%d %H:%M:%S.%f')",
  "('2021-03-04 05:06:07' | to_datetime).strftime('%A %d %B %Y %f %j %U %p')",
  "now().strftime('%Y') == '%Y' | strftime",
  'now(utc=true).isoformat() | length > 18',
  "now(fmt='%Y-%m-%d') is match('\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d$')",
  '(now().timestamp() | int) > 1000000000',
  'now().month in range(1, 13)',
  "(now() - ('2021-03-04 05:06:07' | to_datetime)).days > 1000",
  "now(utc='x') is defined",
  'now(nope=1)',
  "undef('say it') | default(5)",
  "undef(hint='say it') ~ 'x'",
]

const rendered = (expression: string): string => {
  try {
    return repr(listed(renderString(`{{ ${expression} }}`, scope)))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return 'refused'
  }
}
const listed = (value: unknown): unknown => {
  if (value instanceof Temporal) return value.toString()
  if (Array.isArray(value)) return [...value].map(listed)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, listed(item)]))
}

let answers: readonly OracleAnswer[] = []
beforeAll(async () => {
  answers = await oracle.values(same.map(expression => ({ expr: `{{ ${expression} }}`, vars: variables })))
}, 180_000)

describe("arguments, methods and patterns have Ansible's meaning", () => {
  it.each(same.map((expression, i) => [expression, i] as const))('%s', (expression, i) => {
    const answer = answers[i] as OracleAnswer
    expect(rendered(expression)).toBe(answer.ok ? answer.repr : 'refused')
  })
})

describe('an error in a filter is reported with its name, the value and the position', () => {
  it.each([
    ['5 | length', 'length takes a list, a dict or a text, not 5 (int)'],
    ["[3, 1] | sort(atribute='x')", "sort has no argument 'atribute', did you mean 'attribute'?"],
    ["'a' | upper(1)", 'upper takes no arguments'],
    ["'a' | replace('a')", "replace needs the argument 'new'"],
    ["'a' | replace('a', 'b', count='x')", 'replace takes a whole number as \'count\', not "x" (str)'],
    ["'a' | regex_replace('(', 'b')", "the regular expression '(': this ( is not closed (at character 1)"],
    ["('[' * 100000) | from_json", 'nested more than 500 levels'],
    ["'http://h:70000/' | urlsplit", "the port '70000' is no number from 0 to 65535"],
    ["'10.0.0.1/24' | ipaddr('netwrk')", "ipaddr has no query 'netwrk', did you mean 'network'?"],
    ["'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' is match('(a+)+$')", "'(a+)+$' needs too many steps"],
  ])('%s', (expression, message) => {
    const told = (() => {
      try {
        return renderString(`{{ ${expression} }}`, scope)
      } catch (error) {
        return error
      }
    })()
    expect(told).toBeInstanceOf(TemplateError)
    expect((told as TemplateError).message).toContain(message)
    expect((told as TemplateError).column).toBeGreaterThan(1)
  })
})

describe('the address filters behave as those of ansible.utils', () => {
  it.each([
    ["'10.1.2.3/24' | ipaddr('network')", '10.1.2.0'],
    ["'10.1.2.3/24' | ansible.utils.ipaddr('netmask')", '255.255.255.0'],
    ["'10.1.2.3/24' | ipaddr('address')", '10.1.2.3'],
    ["'10.1.2.3/255.255.255.0' | ipaddr('prefix')", 24],
    ["'10.1.2.3/24' | ipaddr('broadcast')", '10.1.2.255'],
    ["'10.1.2.0/24' | ipaddr(1)", '10.1.2.1/24'],
    ["'10.1.2.0/24' | ipaddr('-2')", '10.1.2.254/24'],
    ["'10.1.2.3/24' | ipaddr('range_usable')", '10.1.2.1-10.1.2.254'],
    ["'10.0.0.5' | ipaddr('10.0.0.0/8')", '10.0.0.5'],
    ["'nonsense' | ipaddr", false],
    ["['10.0.0.1', 'x', '::1'] | ipv4", ['10.0.0.1']],
    ["'2001:DB8::1' | ipwrap", '[2001:db8::1]'],
    ["'10.0.0.0/16' | ipsubnet(24, 3)", '10.0.3.0/24'],
    ["'192.168.1.5' | ipmath(5)", '192.168.1.10'],
    ["['10.0.0.0/25', '10.0.0.128/25'] | cidr_merge", ['10.0.0.0/24']],
  ])('%s', (expression, expected) => {
    expect(renderString(`{{ ${expression} }}`, scope)).toEqual(expected)
  })
})
