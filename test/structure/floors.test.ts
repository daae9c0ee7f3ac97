import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = resolve(import.meta.dirname, '../../src')
const floors: Readonly<Record<string, number>> = {
  text: 0,
  model: 1,
  template: 1,
  tasks: 2,
  load: 2,
  schedule: 3,
  values: 3,
  shell: 3,
  store: 2,
  check: 4,
  walk: 3,
  run: 5,
  report: 5,
  cli: 6,
  'index.ts': 6,
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
const partOf = (file: string): string => file.split('/')[0] ?? ''
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, path = '']) =>
    relative(src, resolve(src, dirname(file), path)),
  )

describe('floors: a folder imports only its own files and lower floors', () => {
  it('every folder has a floor', () => {
    expect(readdirSync(src).filter(name => floors[name] === undefined)).toEqual([])
  })

  it('no import goes up or sideways', () => {
    const wrong = files.flatMap(file =>
      importsOf(file)
        .filter(
          target => partOf(target) !== partOf(file) && (floors[partOf(target)] ?? 9) >= (floors[partOf(file)] ?? 0),
        )
        .map(target => `${file} -> ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('only shell and the loader of user types start processes or sockets', () => {
    const wrong = files.filter(
      file =>
        partOf(file) !== 'shell' &&
        /from 'node:(child_process|net|tls|http|https|dgram)'/.test(
          readFileSync(join(src, file), 'utf8').replace("import { isIPv6 } from 'node:net'", ''),
        ),
    )
    expect(wrong).toEqual([])
  })

  it('process.exit is called only in cli', () => {
    expect(
      files.filter(file => partOf(file) !== 'cli' && /process\.exit\(/.test(readFileSync(join(src, file), 'utf8'))),
    ).toEqual([])
  })

  it('task types read no clock, environment or files', () => {
    const wrong = files.filter(
      file =>
        partOf(file) === 'tasks' &&
        /node:fs|\bprocess\.(env|cwd|argv|hrtime|uptime)|Date\.now|new Date|Math\.random/.test(
          readFileSync(join(src, file), 'utf8'),
        ),
    )
    expect(wrong).toEqual([])
  })
})

describe('rooms of the run: a room imports its own files and rooms before it', () => {
  const rooms = ['state', 'session', 'resolve', 'frame', 'task', 'host', 'rollout']
  const roomOf = (file: string): string => file.split('/')[1] ?? ''
  const ofRun = files.filter(file => partOf(file) === 'run')

  it('every file of the run stands in a room', () => {
    expect(ofRun.filter(file => !rooms.includes(roomOf(file)))).toEqual([])
  })

  it('no import goes to a later room', () => {
    const wrong = ofRun.flatMap(file =>
      importsOf(file)
        .filter(target => partOf(target) === 'run' && rooms.indexOf(roomOf(target)) > rooms.indexOf(roomOf(file)))
        .map(target => `${file} -> ${target}`),
    )
    expect(wrong).toEqual([])
  })
})
