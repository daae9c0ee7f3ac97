import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { MOST_BYTES } from '../yaml/yaml.ts'

/** What a file of an inventory is, before it is read; or why it cannot be one. */
export type InventoryKind =
  | { readonly kind: 'program' }
  | { readonly kind: 'text'; readonly executable: boolean }
  | { readonly kind: 'none'; readonly message: string; readonly hint: string }

// What people write inventory programs in. Anything else that may be executed can be a list of hosts on a disk that
// knows no such right.
const languages = /^\.(?:py|sh|bash|pl|rb|js|mjs|ts|php|lua|exe)$/

/** Looks at the file's name, rights and first bytes. */
export function inventoryKind(file: string): InventoryKind {
  const executable = (statSync(file).mode & 0o111) !== 0
  const extension = extname(file)
  const head = firstBytes(file)
  const shebang = head.subarray(0, 2).toString() === '#!'
  if (executable && (shebang || head.includes(0))) return { kind: 'program' }
  if (shebang)
    return { kind: 'none', message: 'this is a program, but it may not be executed', hint: `chmod +x ${file}` }
  if (languages.test(extension))
    return {
      kind: 'none',
      message: executable
        ? 'this may be executed, but it does not say by what'
        : 'this is a program, but it may not be executed and does not say by what',
      hint: `let its first line name the interpreter (#!/usr/bin/env python3)${executable ? '' : `, then chmod +x ${file}`}`,
    }
  if (extension === '.toml')
    return { kind: 'none', message: 'inventories in TOML are not supported', hint: 'write it in INI or YAML' }
  if (statSync(file).size > MOST_BYTES)
    return { kind: 'none', message: `this file is larger than ${MOST_BYTES / 1024 / 1024} MiB`, hint: 'split it' }
  return { kind: 'text', executable }
}

const firstBytes = (file: string): Buffer => {
  const head = Buffer.alloc(64)
  const handle = openSync(file, 'r')
  try {
    return head.subarray(0, readSync(handle, head))
  } finally {
    closeSync(handle)
  }
}

/** Whether a text is YAML (or JSON) rather than INI. */
export const isYaml = (file: string, text: string): boolean => {
  const extension = extname(file)
  if (/^\.(?:ya?ml|json)$/.test(extension)) return true
  if (extension === '.ini') return false
  const first = /^(?!\s*(?:[#;]|$)).*$/m.exec(text)?.[0] ?? ''
  return /^(?:---|\{|"?[^\s[=:]+"?\s*:\s*(?:#.*)?$)/.test(first.trim())
}
