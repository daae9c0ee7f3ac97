import type { Scope, TemplateOptions } from '../template/template.ts'
import { flag } from './render.ts'

/** A keyword's yes or no where an error in it must not hide what is to be told: then it is a no. */
export function flagQuietly(
  value: unknown,
  at: { readonly scope: Scope; readonly template: TemplateOptions },
): boolean {
  if (value === undefined) return false
  try {
    return flag(value, at.scope, at.template)
  } catch {
    return false
  }
}
