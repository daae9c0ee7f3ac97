import { describe, expect, it } from 'vitest'
import htpasswdUser from '../../../src/tasks/accounts/htpasswd-user.ts'
import { edited, hidden, type User } from '../../../src/tasks/accounts/password-file.ts'
import { decided } from '../stages.ts'

const way = { scheme: 'sha512', exclusive: false, random: (n: number) => new Uint8Array(n).fill(3) } as const
const ann: User = { name: 'ann', hash: '{SHA}new' }
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

describe('the new contents of a password file, byte for byte', () => {
  it.each([
    ['a name in latin-1 stays', 'jos\xe9:$apr1$a$b\nann:{SHA}new\n', [ann], 'jos\xe9:$apr1$a$b\nann:{SHA}new\n', []],
    [
      'a comment in latin-1 stays',
      '# \xfcber\nann:old\n',
      [ann],
      '# \xfcber\nann:{SHA}new\n',
      ['set the password of ann'],
    ],
    [
      'a byte order mark stays, and the user behind it is known',
      '\xef\xbb\xbfann:old\nbob:x\n',
      [ann],
      '\xef\xbb\xbfann:{SHA}new\nbob:x\n',
      ['set the password of ann'],
    ],
    [
      'a byte order mark stays when its user goes',
      '\xef\xbb\xbfann:old\nbob:x\n',
      [{ name: 'ann', state: 'absent' }],
      '\xef\xbb\xbfbob:x\n',
      ['remove user ann'],
    ],
    ['CRLF stays where nothing changes', 'ann:{SHA}new\r\nbob:x\r\n', [ann], 'ann:{SHA}new\r\nbob:x\r\n', []],
    [
      'CRLF stays on a line that changes',
      'ann:old\r\nbob:x\r\n',
      [ann],
      'ann:{SHA}new\r\nbob:x\r\n',
      ['set the password of ann'],
    ],
    ['a new line ends as the others do', 'bob:x\r\n', [ann], 'bob:x\r\nann:{SHA}new\r\n', ['add user ann']],
    [
      'a last line without an end keeps none',
      'ann:old\nbob:x',
      [ann],
      'ann:{SHA}new\nbob:x',
      ['set the password of ann'],
    ],
    [
      'a last line without an end gets one before a new line',
      'bob:x',
      [ann],
      'bob:x\nann:{SHA}new\n',
      ['add user ann'],
    ],
    [
      'empty lines and lines without a colon stay',
      '\n\nodd\nann:old\n',
      [ann],
      '\n\nodd\nann:{SHA}new\n',
      ['set the password of ann'],
    ],
    ['a second line of a user goes', 'ann:{SHA}new\nann:old\n', [ann], 'ann:{SHA}new\n', ['remove user ann']],
    [
      'a name in UTF-8 is known',
      utf8('josé:old\n'),
      [{ name: 'josé', hash: '{SHA}new' }],
      utf8('josé:{SHA}new\n'),
      ['set the password of josé'],
    ],
    [
      'a new name in UTF-8 is written as that',
      '',
      [{ name: 'josé', hash: '{SHA}new' }],
      utf8('josé:{SHA}new\n'),
      ['add user josé'],
    ],
    [
      'a name that begins with a no-break space of latin-1 is one',
      '\xa0x:old\n',
      [ann],
      '\xa0x:old\nann:{SHA}new\n',
      ['add user ann'],
    ],
  ] as const)('%s', (_, old, users, content, did) => {
    expect(edited(old, users, way)).toEqual({ content, did })
  })

  it('exclusive removes other users and keeps comments', () => {
    const old = '# ours \xe9\njos\xe9:x\r\nann:{SHA}new\n'
    expect(edited(old, [ann], { ...way, exclusive: true })).toEqual({
      content: '# ours \xe9\nann:{SHA}new\n',
      did: ['remove user jos\ufffd'],
    })
  })

  it('hashes are not shown', () => {
    expect(hidden('# \xe9\nann:secret\nbob:other\n', ['set the password of ann'], ', new')).toBe(
      '# \ufffd\nann:<hash, new>\nbob:<hash>\n',
    )
  })
})

it('a file in another encoding without changes is left alone', () => {
  const found = {
    kind: 'file',
    attributes: '644 root:root 0 0 21',
    parent: true,
    writable: true,
    content: 'jos\xe9:x\nann:{SHA}xx\n',
  }
  const params = { path: '/d/f', name: 'ann', hash: '{SHA}xx' } as const
  expect(decided(htpasswdUser, params, { state: found })).toEqual({ changes: [] })
})
