import { statSync } from 'node:fs'
import { type Address, inside } from '../../model/address.ts'
import { Fault, type FaultCode } from '../../model/fault.ts'
import type { Json } from '../../model/json.ts'
import type { Locate, RoleUse, SourceNode } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { checkSyntax, TemplateError } from '../../template/template.ts'
import { codeFrame } from '../../text/code-frame.ts'
import { ExactNumber } from '../../text/exact-number.ts'
import { insideScalar } from '../../text/inside-scalar.ts'
import { keepPlaces, placesIn } from '../yaml/places.ts'
import { readText } from '../yaml/read-text.ts'
import { type Document, parseYaml } from '../yaml/yaml.ts'

export interface LoadOptions {
  readonly cwd: string
  /** Built-in task types. */
  readonly types: ReadonlyMap<string, AnyTaskType>
  /** URL of the module that user task types import as `mlplay`. */
  readonly packageUrl: string
}

/** Where something stands while a playbook is read: its place in its file, its address, its role, the folder its files come from. */
export interface NodeContext {
  readonly value: Json
  readonly address: Address
  readonly source: SourceNode
  readonly locate: Locate
  readonly folder: string
  readonly role?: RoleUse
}

/** One reading of a playbook: gathers every fault of every file instead of stopping at the first. */
export class LoadSession {
  readonly options: LoadOptions
  readonly types: Map<string, AnyTaskType>
  readonly faults: Fault[] = []
  readonly sources = new Map<string, string>()
  readonly #documents = new Map<string, Document | undefined>()

  /** Where values stand inside of a node that was read. */
  readonly places = placesIn(this.sources)

  constructor(options: LoadOptions) {
    this.options = options
    this.types = new Map(options.types)
  }

  fault(code: FaultCode, message: string, detail: ConstructorParameters<typeof Fault>[2] = {}): void {
    this.faults.push(new Fault(code, message, detail))
  }

  /** A YAML file that must be there; what is wrong with it goes among the faults. */
  yaml(file: string, asked?: { readonly at: ReturnType<Locate>; readonly what: string }): Document | undefined {
    if (this.#documents.has(file)) return this.#documents.get(file)
    this.#documents.set(file, undefined)
    try {
      const text = readText(file, asked)
      this.sources.set(file, text)
      const document = parseYaml(text, file)
      this.#documents.set(file, document)
      keepPlaces(this.sources, file, document.locate)
      return document
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.faults.push(...error.all)
      return undefined
    }
  }

  forget(file: string): void {
    this.#documents.delete(file)
  }

  /** Text of a template, kept for code frames. */
  text(file: string): string {
    const known = this.sources.get(file)
    if (known !== undefined) return known
    const text = readText(file)
    this.sources.set(file, text)
    return text
  }

  syntax(value: unknown, kind: 'string' | 'expression', at: ReturnType<Locate>): void {
    if (typeof value !== 'string') return
    try {
      checkSyntax(value, kind)
    } catch (error) {
      this.templateFault(error, at, value)
    }
  }

  /** Every string inside a value, each with its own place. */
  syntaxDeep(value: unknown, locate: Locate, path: readonly (string | number)[]): void {
    if (typeof value === 'string') {
      if (value.includes('{')) this.syntax(value, 'string', locate(path))
    } else if (Array.isArray(value)) value.forEach((item, i) => void this.syntaxDeep(item, locate, [...path, i]))
    else if (value !== null && typeof value === 'object')
      for (const [key, item] of Object.entries(value)) this.syntaxDeep(item, locate, [...path, key])
  }

  /** `value` is the text that stands at `at`; without it, `at` is a whole file and the error's place is one in it. */
  templateFault(error: unknown, at: ReturnType<Locate>, value?: string): void {
    if (error instanceof Fault) return void this.faults.push(...error.all)
    if (!(error instanceof TemplateError)) throw error
    const { message, line = 1, column = 1 } = error
    const source = this.sources.get(at.file) ?? ''
    const place =
      value === undefined ? { file: at.file, line, column } : insideScalar(source, { at, value }, { line, column })
    this.fault('template', message, { at: place })
  }

  /** All faults so far with the lines they are about, in the order of the files. */
  framed(): readonly Fault[] {
    const seen = new Set<string>()
    const order = [...this.sources.keys()]
    const rank = ({ at }: Fault): readonly [number, number, number] =>
      at === undefined ? [-1, 0, 0] : [order.indexOf(at.file), at.line, at.column]
    return this.faults
      .toSorted((a, b) => {
        const [x, y] = [rank(a), rank(b)]
        return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
      })
      .map(fault => {
        const source = fault.at === undefined ? undefined : this.sources.get(fault.at.file)
        if (fault.at === undefined || fault.frame !== undefined || source === undefined) return fault
        const { code, message, at, hint, cause } = fault
        return new Fault(code, message, { at, hint, cause, frame: codeFrame(source, at) })
      })
      .filter(fault => {
        const key = `${JSON.stringify(fault.at)} ${fault.message}`
        return !seen.has(key) && seen.add(key) !== undefined
      })
  }
}

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

export const isMap = (value: unknown): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof ExactNumber)

/** The place of something inside what `locate` knows. */
export const within =
  (locate: Locate, ...prefix: readonly (string | number)[]): Locate =>
  (path, what) =>
    locate([...prefix, ...path], what)

/** An entry or a part of what stands at a spot. */
export const part = (spot: NodeContext, value: Json, ...path: readonly (string | number)[]): NodeContext => ({
  ...spot,
  value,
  source: { file: spot.source.file, path: [...spot.source.path, ...path] },
  locate: within(spot.locate, ...path),
  address: inside(spot.address, ...path),
})

/** A spot whose value is that of a file. */
export const atFile = <S extends object>(spot: S, { file, value, locate }: Document) => ({
  ...spot,
  value,
  locate,
  source: { file, path: [] },
})

export const listOf = (value: unknown): readonly Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as Json]
