// A param that nothing reads would be accepted and have no effect.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { AnyTaskType } from '../../src/model/task-type.ts'
import { openLocal } from '../../src/shell/local.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { samplesOf } from '../tasks/samples.ts'
import { answered, filled, prepared, question } from '../tasks/stages.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-params-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fixtures = join(import.meta.dirname, 'fixtures')

const placed = (params: JsonObject): JsonObject =>
  JSON.parse(JSON.stringify(params).replaceAll('@DIR@', folder).replaceAll('@FIXTURES@', fixtures)) as JsonObject

/** Params of a sample as the engine gives them to a task type, each of which is noted when it is read. */
function recorded(params: JsonObject, read: Set<string>): JsonObject {
  const note = (name: string | symbol) => void read.add(String(name))
  return new Proxy(
    { ...params },
    {
      get: (target, name) => {
        note(name)
        return Reflect.get(target, name)
      },
      has: (target, name) => {
        note(name)
        return Reflect.has(target, name)
      },
      getOwnPropertyDescriptor: (target, name) => {
        note(name)
        return Reflect.getOwnPropertyDescriptor(target, name)
      },
    },
  ) as JsonObject
}

const context = { check: true, expected: [], random: (bytes: number) => new Uint8Array(bytes).fill(7) }

/** Every param that the code of a type reads while it looks and decides, over all its samples. */
async function readBy(type: AnyTaskType): Promise<ReadonlySet<string>> {
  const read = new Set<string>()
  const shell = await openLocal({ argv: ['/bin/sh'] })
  try {
    for (const sample of [...samplesOf(type.name).map(({ params }) => params), ...(more()[type.name] ?? [])].map(
      placed,
    )) {
      const script = type.probe?.(recorded(filled(type, sample), read), { patient: false })
      const output = script === undefined ? undefined : await shell.run(question(type, sample))
      // What a value is decides what else is read: the answer to a sample is also judged with other values of each param.
      for (const params of [sample, ...variants(type, sample)])
        try {
          const looking = recorded(filled(type, params), read)
          type.probe?.(looking, { patient: true })
          type.waits?.(looking)
          type.skips?.(looking, 0)
          const state = output === undefined ? {} : answered(type, output)
          type.plan(recorded(prepared(type, params), read), state, context)
        } catch {
          // A variant that makes no sense to the type has been read as far as that.
        }
    }
  } finally {
    await shell.close()
  }
  return read
}

const variants = (type: AnyTaskType, params: JsonObject): readonly JsonObject[] =>
  Object.entries(type.params.properties).flatMap(([name, schema]) => {
    const { enum: choices, type: kind } = schema as { readonly enum?: readonly string[]; readonly type?: string }
    const values: readonly Json[] = choices ?? (kind === 'boolean' ? [true, false] : kind === 'string' ? ['x'] : [])
    return values.map(value => ({ ...params, [name]: value }))
  })

const tried = (holds: boolean) => [{ expression: 'x', value: holds, holds }]
let port = 0
const server = createServer((_, response) => response.end('hello'))
beforeAll(() =>
  new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)).then(() => {
    port = (server.address() as AddressInfo).port
  }),
)
afterAll(() => void server.close())

/** What no sample has: conditions as the engine evaluates them, an answering server, a wait that ends at once. */
const more = (): Readonly<Record<string, readonly JsonObject[]>> => ({
  assert: [{ that: tried(false) }, { that: tried(true) }],
  command: [{ argv: ['cat'], stdin: 'x', stdin_add_newline: false }],
  shell: [{ cmd: 'cat', stdin: 'x', stdin_add_newline: false }],
  debug: [{ var: tried(true)[0] ?? null }],
  'http-check': [{ url: `http://127.0.0.1:${port}/`, user: 'a' }],
  'service-restart': [{ name: 'cron', mode: 'reload' }],
  'wait-for': [{ path: '/no/such/path', timeout: 0 }],
})

describe('a task type reads every param that it accepts', () => {
  it.each([...taskTypes.values()].map(type => [type.name, type] as const))('%s', async (_, type) => {
    const read = await readBy(type)
    expect(Object.keys(type.params.properties).filter(name => !read.has(name))).toEqual([])
  })
})
