import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/model/fault.ts'
import type { Inventory } from '../../src/model/inventory.ts'
import { selectHosts } from '../../src/schedule/host-pattern.ts'

const groups: Readonly<Record<string, readonly string[]>> = {
  all: ['lone', 'web1', 'web2', 'web3', 'db1', 'db2', '2001:db8::1', '__proto__'],
  ungrouped: ['lone', '2001:db8::1', '__proto__'],
  web: ['web1', 'web2', 'web3'],
  db: ['db1', 'db2'],
  prod: ['db1', 'web1', 'web2'],
  empty: [],
}
const inventory: Inventory = {
  source: 'hosts',
  folder: '/inventory',
  hosts: new Map((groups['all'] ?? []).map(name => [name, { name, groups: ['all'], vars: {} }])),
  groups: new Map(Object.entries(groups).map(([name, hosts]) => [name, { name, hosts, children: [] }])),
}
const names = (pattern: string) => selectHosts(pattern, inventory).map(host => host.name)
const fault = (pattern: string): Fault => {
  try {
    names(pattern)
  } catch (error) {
    if (error instanceof Fault) return error
  }
  throw new Error(`no fault for ${pattern}`)
}

describe('selectHosts', () => {
  it.each([
    ['all', groups['all']],
    ['*', groups['all']],
    ['web', ['web1', 'web2', 'web3']],
    ['web2', ['web2']],
    ['web*', ['web1', 'web2', 'web3']],
    ['*1', ['web1', 'db1', '2001:db8::1']],
    ['web?', ['web1', 'web2', 'web3']],
    ['web[!1]*', ['web2', 'web3']],
    ['~web\\d', ['web1', 'web2', 'web3']],
    ['~(web|db)1$', ['web1', 'db1']],
    ['~eb', undefined],
    ['~web[12]', ['web1', 'web2']],
    ['~(?:web|db):!db', ['web1', 'web2', 'web3']],
    ['db:web', ['db1', 'db2', 'web1', 'web2', 'web3']],
    ['db,web1', ['db1', 'db2', 'web1']],
    ['web2, web1,web2', ['web2', 'web1']],
    ['web:&prod', ['web1', 'web2']],
    ['web:!prod', ['web3']],
    ['!prod:web', ['web3']],
    ['web:db:&prod:!web2', ['web1', 'db1']],
    ['web,&prod,!web1', ['web2']],
    ['!web:!db', ['lone', '2001:db8::1', '__proto__']],
    ['&db', ['db1', 'db2']],
    ['web[0]', ['web1']],
    ['web[-1]', ['web3']],
    ['web[0:1]', ['web1', 'web2']],
    ['web[0:9]', ['web1', 'web2', 'web3']],
    ['web[1:]', ['web2', 'web3']],
    ['web[7:]', []],
    ['web[:1]', ['web1', 'web2']],
    ['web[-2:]', ['web2', 'web3']],
    ['web[-9:-2]', ['web1', 'web2']],
    ['web[1:-1]', ['web2', 'web3']],
    ['web[0-1]', ['web1', 'web2']],
    ['web[2:1]', []],
    ['web[-1:-3]', []],
    ['prod[0]:web[2]', ['db1', 'web3']],
    ['web*[0]', ['web1']],
    ['web:!web[0]', ['web2', 'web3']],
    ['empty', []],
    ['empty[0]', []],
    ['web:&empty', []],
    ['2001:db8::1', ['2001:db8::1']],
    ['[2001:db8::1]', ['2001:db8::1']],
    ['web1,2001:db8::1', ['web1', '2001:db8::1']],
    ['all:!localhost:!web:!db', ['lone', '2001:db8::1', '__proto__']],
    ['__proto__', ['__proto__']],
    ['', []],
  ])('%s: %j', (pattern, hosts) => {
    if (hosts === undefined) expect(() => names(pattern)).toThrow(Fault)
    else expect(names(pattern)).toEqual(hosts)
  })

  it.each(['localhost', '127.0.0.1', '::1'])('%s is there without being in the inventory', name => {
    expect(selectHosts(name, inventory)).toEqual([{ name, groups: ['all'], vars: { ansible_connection: 'local' } }])
  })

  it.each([
    ['webs', "no host or group is called 'webs', did you mean 'web'?", 'mlplay inventory --graph shows them all'],
    ['all:!web9', "no host or group is called 'web9', did you mean 'web'?", 'mlplay inventory --graph shows them all'],
    ['constructor', "no host or group is called 'constructor'", 'mlplay inventory --graph shows them all'],
    ['mail*', "no host or group matches 'mail*'", 'mlplay inventory --graph shows them all'],
    ['web[3]', "'web[3]' is not there: 'web' has 3 hosts", 'the first one is [0], the last one [-1]'],
  ])('the pattern %s matches nothing', (pattern, message, hint) => {
    expect(fault(pattern)).toMatchObject({ code: 'unknown-host', message, hint })
  })

  it.each(['~(web', '[z-a]*'])('%s is a fault, no crash', pattern => {
    expect(fault(pattern).message).toBe(`'${pattern}' is no pattern`)
  })

  it('an empty inventory gives its own message', () => {
    const empty: Inventory = {
      ...inventory,
      hosts: new Map(),
      groups: new Map([['all', { name: 'all', hosts: [], children: [] }]]),
    }
    expect(selectHosts('all', empty)).toEqual([])
    expect(selectHosts('*', empty)).toEqual([])
  })
})
