import { expect } from 'vitest'
import facts from '../../../src/tasks/system/facts.ts'
import { planTable } from '../plan-table.ts'

const found = (facts: object) => ({ facts: { ansible_facts: expect.objectContaining(facts) } })

planTable(facts, {
  'knows a Debian': {
    params: {},
    state: { os_id: 'debian', distribution: 'Debian', distribution_version: '12.5', pkg_mgr: 'apt-get' },
    plan: found({ os_family: 'Debian', distribution: 'Debian', distribution_major_version: '12', pkg_mgr: 'apt' }),
  },
  'knows a relative of one by what it is like': {
    params: {},
    state: { os_id: 'mint', os_like: 'ubuntu debian', distribution: 'Mint' },
    plan: found({ os_family: 'Debian', distribution: 'Mint' }),
  },
  'knows an Alpine': {
    params: {},
    state: { os_id: 'alpine', pkg_mgr: 'apk' },
    plan: found({ os_family: 'Alpine', pkg_mgr: 'apk' }),
  },
  'tells what was not found as empty': {
    params: {},
    state: {},
    plan: found({ ipv6: false, is_container: false, nginx_version: '', default_ipv4: { address: '' } }),
  },
  'lists the addresses of version 4': {
    params: {},
    state: { all_ipv4_addresses: '10.0.0.1 fe80::1 192.168.1.2', default_ipv4: '10.0.0.1' },
    plan: found({ all_ipv4_addresses: ['10.0.0.1', '192.168.1.2'], default_ipv4: { address: '10.0.0.1' } }),
  },
})
