/** Where ours is other than Ansible's on purpose, or where nobody can be meant; most are in docs/differences-from-ansible.md. */
export const known: readonly (readonly [expr: RegExp, why: string])[] = [
  [/\| truncate\(/, 'truncate takes a text; Ansible hands back a short list as it is'],
  [/prefixes='x'/, 'comment refuses an argument that has no effect'],
  [/l5 \| intersect/, 'of two equal items the first is kept: true, not 1'],
  [/groupby\(attribute='zzz', default/, 'a text has no attributes: the default stands for them'],
  [
    /(t0|i0|n|b0|l0|d0) \| (map|select|selectattr)(\('nope'\)|\(attribute='n', nope=1\))?( \| list)? \}\}/,
    'a wrong call is told whatever the list holds',
  ],
  [/map\('extract', d\)/, 'an undefined argument counts when an item needs it'],
  [
    /\| combine(\(5\)|\(\{'k': \[1\]\}, list_merge='nope'\))? \}\}/,
    'combine takes dicts, and checks its arguments before it looks at them',
  ],
  [/attr\('x'\)/, 'attr finds the keys of a dict'],
  [/rekey_on_member\('age', duplicates/, 'keys are texts'],
  [/f0 \| root\(3\)/, 'the last digit of a power'],
  [/\| b64decode \}\}/, 'what is no base64, or no text, is refused'],
  [/relpath/, 'it depends on where the tests run'],
  [/xmlattr/, 'it is not there'],
  [/is (issubset|subset|superset)\(/, 'lists and dicts can be members of a set'],
  [/i0 is version/, 'zero is a version'],
  [/(i0|n|b0|l0|d0) (\| urlsplit\(|is uri)/, 'nothing at all is no address'],
  [/ is (filter|test) \}\}/, 'a filter has a text for a name'],
]
