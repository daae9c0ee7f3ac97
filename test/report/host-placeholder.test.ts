import { expect, it } from 'vitest'
import { withoutHost } from '../../src/report/host-placeholder.ts'

it.each([
  ['create /srv/web1', 'web1', 'create /srv/<host>'],
  ['web1', 'web1', '<host>'],
  ['web1 and web1.example.com', 'web1', '<host> and <host>.example.com'],
  ['web10 aweb1 web1-x x-web1', 'web1', 'web10 aweb1 web1-x x-web1'],
  ['port 22', '2', 'port 22'],
  ['服务器', '服', '服务器'],
  ['nothing', 'web1', 'nothing'],
  ['', '', ''],
])('the text %s without the host name %s', (text, host, made) => expect(withoutHost(text, host)).toBe(made))
