import { type ControllerFile, file } from '../../model/params.ts'
import { taskType } from '../../model/task-type.ts'
import { fileParams } from '../kit/file-params.ts'
import { plainPath } from '../kit/host-path.ts'
import { fileResults } from '../kit/path-results.ts'
import { fileState, planFile, readFile } from '../kit/write-file.ts'

export default taskType({
  name: 'copy-file',
  summary: 'a file with the very bytes of one here, or with the text given',
  example: {
    name: 'a greeting',
    params: { content: 'Hello from {{ inventory_hostname }}\n', dest: '/srv/greeting', mode: '0644' },
  },
  ansible: ['copy'],
  instead: {
    directory_mode: 'one file at a time: make the folder with ensure-dir, loop over the files',
    force: 'a file is written only when it differs; `when` and `creates` decide otherwise',
    remote_src: 'a file of the host itself is copied with command: cp',
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['dest'],
    oneOf: [{ required: ['src'] }, { required: ['content'] }],
    properties: {
      src: file('a file, in files/ of the role or beside the playbook'),
      content: { type: 'string', description: 'the text itself' },
      ...fileParams,
    },
  },
  state: { type: 'object', properties: fileState },
  probe: readFile,
  plan: (params, found, { expected }) => planFile(params, found, { expected, bytes: bytesOf(params) }),
  results: (params, found) => fileResults(plainPath(params.dest), found, bytesOf(params)),
})

const bytesOf = ({ src, content }: { readonly src?: ControllerFile; readonly content?: string }): Uint8Array =>
  src?.bytes ?? Buffer.from(content ?? '', 'utf8')
