import { lost, play, type Situation } from './situation.ts'

const shown = (of: string) => `- debug: { msg: "{{ ${of} }}" }`

/** What a task registers, and the verdicts on it. */
export const results: readonly Situation[] = [
  {
    title: 'until that never holds fails the task',
    files: play(`
- { name: g, command: echo starting, register: g, until: g.stdout == 'ready', retries: 1, delay: 0, ignore_errors: true }
${shown('[g is failed, g.attempts, g.rc, g.stdout] | to_json')}
- { name: h, command: echo starting, register: h, until: h.stdout == 'ready', retries: 2, delay: 0 }
- { name: never, command: "true" }`),
  },
  {
    title: 'until counts its attempts, also for the condition itself; retries alone waits for success',
    files: play(`
- { name: u, command: echo x, register: u, until: u.attempts == 2, retries: 3, delay: 0 }
${shown('[u.attempts, u is changed, u is failed] | to_json')}
- { name: v, command: echo x, register: v, retries: 3, delay: 0 }
${shown('[v.attempts, v is failed] | to_json')}
- { name: w, shell: "exit 3", register: w, until: w.rc == 3, retries: 3, delay: 0, ignore_errors: true }
${shown('[w.attempts, w.rc, w is failed] | to_json')}
- { name: x, command: "false", register: x, until: x.rc != 0, failed_when: false, retries: 1, delay: 0 }
${shown('[x.attempts, x is failed, x.failed_when_result] | to_json')}
- { name: y, command: "echo {{ item }}", loop: [1, 2], register: y, until: y.stdout == '2', retries: 1, delay: 0, ignore_errors: true }
${shown("y.results | map(attribute='attempts') | list | to_json")}`),
  },
  {
    title: 'skipped is a key of results that were skipped, and of no other',
    files: play(`
- { name: l, command: "echo {{ item }}", loop: [1, 2, 3], when: item > 1, register: r }
${shown("r.results | rejectattr('skipped', 'defined') | map(attribute='stdout') | list | to_json")}
${shown("r.results | selectattr('skipped', 'undefined') | map(attribute='item') | list | to_json")}
${shown("[r.skipped, r.msg, 'failed' in r, r.changed] | to_json")}
- { name: one, command: echo x, register: s }
- { name: asks, debug: { msg: ran }, when: s.skipped is not defined }
- { name: two, command: echo x, when: false, register: t }
${shown('t.keys() | sort | to_json')}
${shown('[t.skipped, t.skip_reason, t.false_condition, t is skipped, t is failed, t is changed] | to_json')}
- { name: three, command: echo x, loop: [1, 2], when: false, register: v }
${shown('[v.skipped, v.msg, v.changed, v.results | length] | to_json')}
- { name: four, command: echo x, loop: [], register: w }
${shown('w | to_json(sort_keys=true)')}
- { name: five, command: "echo {{ item }}", loop: "{{ nowhere | default([]) }}", register: x, when: false }
${shown('x is skipped')}
- { name: six, command: "test {{ item }} = 1", loop: [1, 2], register: y, ignore_errors: true }
${shown("[y.skipped, y.failed, y.changed, y.msg, y.results | map(attribute='failed') | list] | to_json")}`),
  },
  {
    title: 'the item of a result is under the name of its loop, with what loop_control says',
    files: play(`
- { name: l, command: "echo {{ x }}", loop: [7, 8], loop_control: { loop_var: x, index_var: i }, register: r }
${shown('[r.results[1].x, r.results[1].i, r.results[0].ansible_loop_var, r.results[0].ansible_index_var, r.results[0].item is defined] | to_json')}
- { name: m, command: echo x, loop: [7], register: s }
${shown('[s.results[0].item, s.results[0].ansible_loop_var, s.results[0].ansible_index_var is defined] | to_json')}
- { name: n, command: "echo {{ item }}", loop: "{{ r.results }}", loop_control: { label: "{{ item.x }}" }, when: item.stdout == '8', register: t }
${shown("t.results | map('combine') | map(attribute='item') | map(attribute='x') | list | to_json")}`),
  },
  {
    title: 'index_var and ansible_loop are there wherever the item is',
    files: play(`
- { name: l, command: "echo {{ i }}", loop: [a, b], loop_control: { index_var: i }, register: r, changed_when: i == 1, failed_when: i > 5, until: i >= 0, retries: 1, delay: 0 }
${shown("r.results | map(attribute='changed') | list | to_json")}
- { name: m, command: "echo {{ ansible_loop.index }}/{{ ansible_loop.length }} {{ ansible_loop.previtem | default('-') }} {{ ansible_loop.nextitem | default('-') }} {{ ansible_loop.first }} {{ ansible_loop.last }} {{ ansible_loop.revindex }} {{ ansible_loop.revindex0 }}", loop: [a, b, c], loop_control: { extended: true }, register: s, when: not ansible_loop.last }
${shown("s.results | map(attribute='stdout', default='') | list | to_json")}
${shown('s.results[0].ansible_loop | to_json(sort_keys=true)')}
- { name: n, command: "echo {{ item }}", loop: [a], loop_control: { extended: true, extended_allitems: false }, register: t }
${shown('t.results[0].ansible_loop.keys() | sort | to_json')}
- { name: o, command: "echo {{ item }}", loop: [a, b, c], loop_control: { break_when: item == 'b' }, register: u }
${shown("u.results | map(attribute='stdout') | list | to_json")}`),
  },
  {
    title: 'failed_when and changed_when are both asked, changed_when first, and say so in the result',
    files: play(`
- { name: a, command: "false", changed_when: false, ignore_errors: true, register: r }
${shown('[r is changed, r is failed, r.rc] | to_json')}
- { name: b, command: echo x, failed_when: r.rc == 1, register: s, ignore_errors: true }
${shown('[s.failed, s.failed_when_result, s.changed, s.stdout] | to_json')}
- { name: c, command: "false", failed_when: false, register: t }
${shown('[t.failed, t.failed_when_result, t.changed, t.rc] | to_json')}
- { name: d, command: echo x, changed_when: false, failed_when: [d.rc == 0, d is not changed], register: d, ignore_errors: true }
${shown('[d.failed, d.changed] | to_json')}
- { name: e, command: "false", changed_when: true, failed_when: false }
- { name: f, debug: { msg: x }, changed_when: true, register: f }
${shown('f is changed')}`),
  },
  {
    title: 'an error in failed_when or changed_when keeps what the command said',
    files: play(`
- { name: a, shell: echo out; echo err >&2, failed_when: nowhere.x == 2, register: r, ignore_errors: true }
${shown('[r.failed, r.rc, r.stdout, r.stderr, r.failed_when_result is defined] | to_json')}
- { name: b, shell: echo out, changed_when: nowhere.x == 2, register: s, ignore_errors: true }
${shown('[s.failed, s.rc, s.stdout, s.changed_when_result is defined] | to_json')}
- { name: c, shell: echo out, failed_when: nowhere.x == 2 }
- { name: never, command: "true" }`),
  },
  {
    title: 'results of commands say what ran, how long, and how it ended',
    files: play(
      `
- { name: a, command: echo hi there, register: r }
${shown('[r.cmd, r.rc, r.msg, r.stdout, r.stdout_lines, r.stderr, r.stderr_lines, r.failed, r.changed] | to_json')}
${shown("[r.start is match('\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d \\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d\\\\.\\\\d{6}$'), r.end >= r.start, r.delta is match('\\\\d:\\\\d\\\\d:\\\\d\\\\d\\\\.\\\\d{6}$')] | to_json")}
- { name: b, shell: echo hi; exit 4, register: s, ignore_errors: true }
${shown('[s.cmd, s.rc, s.msg, s.stdout, s.failed, s.changed] | to_json')}
- { name: c, debug: { msg: hi }, register: t }
${shown('[t.msg, t.failed, t.changed, t.keys() | sort] | to_json')}
- { name: d, set_fact: { zz: 1 }, register: u }
${shown('[u.ansible_facts.zz, u.failed, u.changed] | to_json')}
- { name: e, assert: { that: ["1 == 2"] }, register: v, ignore_errors: true }
${shown('[v.failed, v.changed, v.assertion, v.evaluated_to] | to_json')}
- { name: f, fail: { msg: so }, register: w, ignore_errors: true }
${shown('[w.failed, w.changed, w.msg] | to_json')}
- { name: g, command: "echo {{ nowhere }}", register: x, ignore_errors: true, when: true }
${shown('[x.failed, x.changed, x.stdout is defined, x.msg is defined] | to_json')}`.replace(
        '{{ nowhere }}',
        '{{ [][1] }}',
      ),
    ),
  },
  {
    title: 'conditions are lists of which all must hold, and see each item',
    files: play(`
- { name: a, debug: { msg: x }, when: [true, 1 == 1] }
- { name: b, debug: { msg: x }, when: [true, false, nowhere.x] }
- { name: c, command: "echo {{ item }}", loop: [1, 2], when: [item == 1], register: r }
${shown("r.results | map(attribute='changed') | list | to_json")}
- { name: d, debug: { msg: x }, when: [] }
- { name: e, debug: { msg: x }, when: not false and r is changed }`),
  },
  {
    title: 'a text where a condition stands is no condition',
    files: play(
      `
- { name: a, debug: { msg: x }, when: v, ignore_errors: true }
- { name: b, debug: { msg: x }, when: w, ignore_errors: true }
- { name: c, assert: { that: v }, ignore_errors: true }
- { name: d, assert: { that: w }, ignore_errors: true }
- { name: e, command: "true", failed_when: w, ignore_errors: true }
- { name: f, command: "true", changed_when: w, ignore_errors: true }
- { name: g, command: "true", until: w, register: x, retries: 1, delay: 0, ignore_errors: true }
- { name: h, assert: { that: v | bool } , ignore_errors: true }`,
      "vars: { v: 'false', w: 'n > 2' }",
    ),
  },
  {
    title: 'a keyword that takes yes or no takes the words for them',
    files: play(
      `
- { name: a, command: "false", ignore_errors: "{{ v }}" }
- { name: b, command: "true" }
- { name: c, command: "false", ignore_errors: "{{ w }}" }
- { name: never, command: "true" }`,
      "vars: { v: 'yes', w: 'no' }",
    ),
  },
  {
    title: 'a keyword that takes yes or no, and gets another word',
    files: play(
      `
- { name: a, command: "false", ignore_errors: "{{ w }}" }
- { name: never, command: "true" }`,
      'vars: { w: nein }',
    ),
    kept: { because: 'a word that is neither is a mistake, and not yes', here: lost(['failed a']) },
  },
]
