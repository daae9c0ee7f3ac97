import { taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'
import { attributeParams } from '../kit/attributes.ts'
import { pathParam, plainPath } from '../kit/host-path.ts'
import { fileResults } from '../kit/path-results.ts'
import { fileState, planFile, readFile } from '../kit/write-file.ts'

export default taskType({
  name: 'template-file',
  summary: 'a file made from a template of the role or playbook',
  example: {
    name: 'the site',
    params: { src: 'site.conf.j2', dest: '/etc/nginx/sites-available/app', mode: '0644', backup: true },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['src', 'dest'],
    properties: {
      src: { type: 'string', description: 'a template, in templates/ of the role or beside the playbook' },
      dest: pathParam('an absolute path; ~ is the home of the account there'),
      ...attributeParams,
      backup: { type: 'boolean', description: 'keep the old file beside the new one, with the time in its name' },
      validate: {
        type: 'string',
        pattern: '%s',
        description: 'a command that must accept the new file, %s, before it takes its place',
      },
    },
  },
  sources: { src: 'template' },
  state: { type: 'object', properties: fileState },
  probe: readFile,
  plan: (params, found, { pending }) => {
    const bytes = Buffer.from((params as { readonly content?: string }).content ?? '', 'utf8')
    return planFile(params, found, { pending, bytes })
  },
  results: (params, found) => {
    const bytes = Buffer.from((params as { readonly content?: string }).content ?? '', 'utf8')
    return fileResults(plainPath(params.dest), found, bytes)
  },
  samples: [
    {
      title: 'a new file',
      params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f', mode: '0600' },
      proof: sh`[ "$(stat -c %a f)" = 600 ] && grep -q hello f`,
    },
    {
      title: 'a file that differs keeps its mode',
      params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f' },
      given: sh`echo old > f; chmod 640 f`,
      proof: sh`[ "$(stat -c %a f)" = 640 ] && grep -q hello f`,
    },
    {
      title: 'a backup',
      params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f', backup: true },
      given: sh`echo old > f`,
      proof: sh`grep -q old f.*~`,
    },
    {
      title: 'a check that passes',
      params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f', validate: 'grep -q hello %s' },
      proof: sh`grep -q hello f`,
    },
    {
      title: 'a folder in the way',
      params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f' },
      given: sh`mkdir f`,
      expect: { problem: 'is a folder' },
    },
    {
      title: 'no parent',
      params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/no/f' },
      expect: { problem: 'ensure-dir' },
    },
  ],
})
