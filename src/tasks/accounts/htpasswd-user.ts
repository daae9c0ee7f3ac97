import { LONGEST_PASSWORD } from '../../text/crypt-password.ts'
import { editFileType, editParams } from '../kit/edit-file.ts'
import { pathParam } from '../kit/host-path.ts'
import { edited, hidden, type User, type Way } from './password-file.ts'

const user = {
  name: { type: 'string', pattern: '^[^:\\s]+$', description: 'a user name, without : and blanks' },
  password: {
    type: 'string',
    minLength: 1,
    description: 'in the clear; the hash is made here, the password never leaves this machine',
  },
  hash: {
    type: 'string',
    pattern: '^(\\$|\\{SHA\\})',
    description: 'a ready hash instead of a password, such as $6$...',
  },
  state: { enum: ['present', 'absent'] },
} as const

export default editFileType({
  name: 'htpasswd-user',
  summary: 'users of a password file for HTTP basic authentication',
  example: {
    name: 'users',
    params: {
      path: '/etc/nginx/auth/users',
      users: [
        { name: 'ann', password: "{{ lookup('password', inventory_dir ~ '/secrets/ann', length=24) }}" },
        { name: 'bob', state: 'absent' },
      ],
      group: 'www-data',
      mode: '0640',
    },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    oneOf: [{ required: ['name'] }, { required: ['users'] }],
    properties: {
      ...editParams,
      path: pathParam('the password file, an absolute path'),
      ...user,
      users: {
        type: 'array',
        items: { type: 'object', additionalProperties: false, required: ['name'], properties: user },
        description: 'many users in one file',
      },
      exclusive: { type: 'boolean', description: 'users that are not listed go' },
      hash_scheme: { enum: ['sha512', 'bcrypt', 'apr1'], default: 'sha512' },
      rounds: {
        type: 'integer',
        minimum: 4,
        description: 'cost of the hash: 5000 for sha512, 5 for bcrypt unless said',
      },
    },
  },
  ansible: ['htpasswd'],
  instead: {
    create: 'the file is made when it is not there',
    crypt_scheme: 'write hash_scheme: sha512, bcrypt or apr1',
    dest: 'write path:',
    username: 'write name:',
  },
  secrets: [['password'], ['hash'], ['users', '*', 'password'], ['users', '*', 'hash']],
  bytes: true,
  edit: (old, params, { random }) => {
    const { hash_scheme: scheme, rounds, exclusive = false } = params
    const users = params.users ?? [{ ...params, name: params.name ?? '' }]
    const problem = wrongWith(users, { scheme, rounds })
    if (problem !== undefined) return { problem }
    const { content, did } = edited(old ?? '', users, { scheme, rounds, exclusive, random })
    const nobody = users.length > 0 && users.every(one => one.state === 'absent')
    return {
      text: old === undefined && content === '' && nobody ? undefined : content,
      did,
      shown: { before: old === undefined ? null : hidden(old, did, ''), after: hidden(content, did, ', new') },
      mode: '0640',
    }
  },
})

const wrongWith = (users: readonly User[], { scheme, rounds }: Way): string | undefined => {
  const names = new Set<string>()
  for (const { name, password, hash, state } of users) {
    if (names.has(name)) return `the user '${name}' is listed twice`
    names.add(name)
    if (/[:\s]/.test(name) || name === '' || name.startsWith('#'))
      return `'${name}' cannot be a user name: no ':', no blanks, no '#' first`
    if (state === 'absent') continue
    if ((password === undefined) === (hash === undefined))
      return `the user '${name}' needs a password or a hash${password === undefined ? '' : ', not both'}`
    if (hash !== undefined && /[:\s]/.test(hash)) return `the hash of '${name}' holds a ':' or a blank`
    if (password !== undefined && Buffer.byteLength(password) > LONGEST_PASSWORD)
      return `the password of '${name}' is longer than ${LONGEST_PASSWORD} bytes`
    if (scheme === 'bcrypt' && password !== undefined && Buffer.byteLength(password) > 72)
      return `the password of '${name}' is longer than 72 bytes, and bcrypt reads no more`
  }
  if (scheme === 'bcrypt' && (rounds ?? 5) > 17) return 'bcrypt takes rounds from 4 to 17'
  // More would stand still here, and at each request.
  if (scheme === 'sha512' && rounds !== undefined && (rounds < 1000 || rounds > 500_000))
    return 'sha512 takes rounds from 1000 to 500000'
  return undefined
}
