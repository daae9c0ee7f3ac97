import { template } from '../../model/params.ts'
import { taskType } from '../../model/task-type.ts'
import { fileParams } from '../kit/file-params.ts'
import { plainPath } from '../kit/host-path.ts'
import { fileResults } from '../kit/path-results.ts'
import { fileState, planFile, readFile } from '../kit/write-file.ts'

export default taskType({
  name: 'template-file',
  summary: 'a file made from a template of the role or playbook',
  example: {
    name: 'the site',
    params: { src: 'site.conf.j2', dest: '/etc/nginx/sites-available/app', mode: '0644', backup: true },
  },
  ansible: ['template'],
  instead: {
    force: 'a file is written only when it differs',
    lstrip_blocks: 'write {%- where blanks are to go',
    newline_sequence: 'a template keeps its own line ends',
    trim_blocks: 'the newline after a block tag goes, as with Ansible',
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: { src: template('a template, in templates/ of the role or beside the playbook'), ...fileParams },
  },
  state: { type: 'object', properties: fileState },
  probe: readFile,
  plan: (params, found, { expected }) =>
    planFile(params, found, { expected, bytes: Buffer.from(params.src.text, 'utf8') }),
  results: ({ dest, src }, found) => fileResults(plainPath(dest), found, Buffer.from(src.text, 'utf8')),
})
