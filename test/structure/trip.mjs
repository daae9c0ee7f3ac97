// Prints the files of src/ whose functions are called between the ends of two tasks, as JSON: { converged, changed }.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runIn } from '../run/run-in.ts'

const src = resolve(import.meta.dirname, '../../src')
const folder = mkdtempSync(join(tmpdir(), 'mlplay-trip-'))
const session = new Session()
session.connect()
const post = (method, params) => {
  let result
  session.post(method, params, (error, value) => {
    if (error) throw new Error(error.message)
    result = value
  })
  return result
}
post('Profiler.enable')
post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
const entered = () =>
  post('Profiler.takePreciseCoverage')
    .result.filter(({ url }) => url.startsWith('file:'))
    .flatMap(({ url, functions }) => {
      const file = relative(src, fileURLToPath(url))
      const called = functions
        .filter(({ ranges, functionName }) => functionName !== '' || ranges[0].startOffset > 0)
        .some(({ ranges }) => ranges[0].count > 0)
      return called && !file.startsWith('..') ? [file] : []
    })
const found = {}
const steps = ['first', 'converged', 'changed', 'said']
let count = 0
writeFileSync(join(folder, 'inv'), 'localhost ansible_connection=local\n')
writeFileSync(
  join(folder, 'p.yml'),
  `- hosts: all\n  tasks:\n    - ensure-dir: {path: ${folder}}\n    - ensure-dir: {path: ${folder}}\n    - ensure-dir: {path: ${folder}/new}\n    - debug: {msg: x}\n`,
)
await runIn(folder, {
  emit: ({ event }) => {
    if (event !== 'task') return
    found[steps[count++]] = entered()
  },
})
rmSync(folder, { recursive: true })
console.log(JSON.stringify(found, null, 1))
