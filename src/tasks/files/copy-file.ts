import { taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'
import { attributeParams } from '../kit/attributes.ts'
import { pathParam, plainPath } from '../kit/host-path.ts'
import { fileResults } from '../kit/path-results.ts'
import { fileState, planFile, readFile } from '../kit/write-file.ts'

export default taskType({
  name: 'copy-file',
  summary: 'a file with the very bytes of one here, or with the text given',
  example: {
    name: 'a greeting',
    params: { content: 'Hello from {{ inventory_hostname }}\n', dest: '/srv/greeting', mode: '0644' },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['dest'],
    oneOf: [{ required: ['src'] }, { required: ['content'] }],
    properties: {
      src: { type: 'string', description: 'a file, in files/ of the role or beside the playbook' },
      content: { type: 'string', description: 'the text itself' },
      dest: pathParam('an absolute path; ~ is the home of the account there'),
      ...attributeParams,
      backup: { type: 'boolean', description: 'keep the old file beside the new one, with the time in its name' },
      validate: { type: 'string', pattern: '%s', description: 'a command that must accept the new file, %s' },
    },
  },
  sources: { src: 'file' },
  state: { type: 'object', properties: fileState },
  probe: readFile,
  plan: (params, found, { pending }) => {
    const bytes = (params as { readonly bytes?: Uint8Array }).bytes ?? Buffer.from(params.content ?? '', 'utf8')
    return planFile(params, found, { pending, bytes })
  },
  results: (params, found) => {
    const bytes = (params as { readonly bytes?: Uint8Array }).bytes ?? Buffer.from(params.content ?? '', 'utf8')
    return fileResults(plainPath(params.dest), found, bytes)
  },
  samples: [
    {
      title: 'a text',
      params: { content: "it's\n$HOME `x` ümlaut\n", dest: '@DIR@/f' },
      proof: sh`[ "$(cat f)" = ${"it's\n$HOME `x` ümlaut"} ]`,
    },
    {
      title: 'a mode in letters, from what a new file gets',
      params: { content: 'a\n', dest: '@DIR@/f', mode: 'u+x,go-r' },
      proof: sh`[ "$(stat -c %a f)" = 700 ]`,
    },
    {
      title: 'a mode in letters, from what the old file has',
      params: { content: 'b\n', dest: '@DIR@/f', mode: 'g+w' },
      given: sh`echo a > f; chmod 640 f`,
      proof: sh`[ "$(stat -c %a f)" = 660 ] && grep -q b f`,
    },
    { title: 'nothing', params: { content: '', dest: '@DIR@/f' }, proof: sh`[ -f f ] && [ ! -s f ]` },
    { title: 'the same text', params: { content: 'a\n', dest: '@DIR@/f' }, given: sh`echo a > f`, expect: 'converged' },
    {
      title: 'in place of a link',
      params: { content: 'a\n', dest: '@DIR@/f' },
      given: sh`echo b > g; ln -s g f`,
      proof: sh`[ ! -L f ] && grep -q b g`,
    },
    {
      title: 'more than rides inline',
      params: { content: 'x'.repeat(700_000), dest: '@DIR@/f' },
      proof: sh`[ "$(wc -c < f)" -eq 700000 ]`,
    },
    { title: 'bytes', params: { src: '@FIXTURES@/bytes.bin', dest: '@DIR@/f' }, proof: sh`[ "$(wc -c < f)" -eq 256 ]` },
  ],
})
