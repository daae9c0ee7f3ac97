import { Fault } from '../model/fault.ts'
import type { Json } from '../model/json.ts'
import type { Scope, TemplateOptions } from '../template/template.ts'
import type { At } from '../text/position.ts'
import { faultAt, omitted, renderDeep } from './render.ts'

/** The number that a keyword holds (`retries`, `delay`, `throttle`, `timeout`, `pause`), also by template; a fault where it is none. */
export function amountOf(
  keyword: { readonly name: string; readonly value: Json | undefined; readonly at: At; readonly otherwise: number },
  scope: Scope,
  template: TemplateOptions,
): number {
  const { name, value, at, otherwise } = keyword
  if (value === undefined || value === null) return otherwise
  let rendered: unknown
  try {
    rendered = renderDeep(value, scope, template)
  } catch (error) {
    throw faultAt(error, at)
  }
  if (rendered === omitted || rendered === null) return otherwise
  const number = typeof rendered === 'boolean' || String(rendered).trim() === '' ? Number.NaN : Number(rendered)
  if (Number.isFinite(number) && number >= 0) return number
  throw new Fault('keyword', `'${name}' takes a number that is not negative, not '${String(rendered)}'`, { at })
}
