import { editFileType, editParams } from '../kit/edit-file.ts'
import { contradictions, editLines } from './edit-lines.ts'

export default editFileType({
  name: 'line-in-file',
  summary: 'one line of a file, the rest of which stays as it is',
  example: {
    name: 'no root by password',
    params: {
      path: '/etc/ssh/sshd_config',
      regexp: '^#?PermitRootLogin',
      line: 'PermitRootLogin no',
      validate: 'sshd -t -f %s',
    },
  },
  ansible: ['lineinfile'],
  instead: { dest: 'write path:', regex: 'write regexp:', value: 'write line:' },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    anyOf: [{ required: ['line'] }, { required: ['regexp'] }, { required: ['search_string'] }],
    properties: {
      ...editParams,
      line: { type: 'string', pattern: '^[^\\n]*$', description: 'the line, without an end' },
      regexp: {
        type: 'string',
        description: 'replaces, or removes, the line that this matches: a Python regular expression',
      },
      search_string: { type: 'string', description: 'replaces, or removes, the line that holds this text' },
      state: { enum: ['present', 'absent'], default: 'present' },
      backrefs: {
        type: 'boolean',
        description: 'line takes groups of regexp: \\1; without a match nothing is done',
      },
      insertafter: { type: 'string', description: 'a new line goes behind the last line that matches; BOF, EOF' },
      insertbefore: { type: 'string', description: 'a new line goes before the last line that matches; BOF' },
      firstmatch: { type: 'boolean', default: false, description: 'the first line that matches instead of the last' },
      create: { type: 'boolean', default: false, description: 'make the file when it is not there' },
    },
  },
  check: contradictions,
  edit: (old, params) =>
    old === undefined && params.state === 'absent' ? { text: undefined, did: [] } : editLines(old ?? '', params),
})
