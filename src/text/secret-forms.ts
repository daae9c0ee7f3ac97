import { quote } from './sh.ts'

/** Shorter values are ignored: they would match by chance everywhere. */
const MIN_LENGTH = 4

/**
 * The encodings in which a secret may appear in a text: plain, escaped for JSON, YAML or HTML, shell-quoted, URL-encoded, in hex, in base64 (also
 * inside a longer encoded text, such as the `user:password` of basic authentication), and each of its lines by itself,
 * since a diff puts a sign before every line.
 */
export function secretForms(value: string): ReadonlySet<string> {
  const forms = new Set<string>()
  const lines = value.split(/\r?\n/)
  const wholes = [value, value.trim(), ...(lines.length > 1 ? lines.map(line => line.trim()) : [])]
  for (const whole of new Set(wholes)) {
    if (whole.trim().length < MIN_LENGTH) continue
    for (const form of spellings(whole)) if (form.length >= MIN_LENGTH) forms.add(form)
  }
  return forms
}

function* spellings(value: string): Generator<string> {
  yield value
  yield value.replaceAll('\n', '\r\n')
  const json = JSON.stringify(value).slice(1, -1)
  yield json
  yield json.replace(/[^\x00-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  yield value.replaceAll("'", "''")
  yield* htmlForms(value)
  yield Buffer.from(value).toString('hex')
  if (!value.includes('\0')) yield quote(value).replace(/^'|'$/g, '')
  yield value.replace(/["\\$`]/g, '\\$&')
  yield value.replace(/[^A-Za-z0-9_.,:=@%/+-]/g, '\\$&')
  yield* urlForms(value)
  yield* base64Forms(value)
}

function* htmlForms(value: string): Generator<string> {
  const plain = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  yield plain
  yield plain.replaceAll('"', '&#34;').replaceAll("'", '&#39;')
  yield plain.replaceAll('"', '&quot;').replaceAll("'", '&#x27;')
}

function* urlForms(value: string): Generator<string> {
  const encoded = new URLSearchParams([['', value]]).toString().slice(1)
  const component = encoded.replaceAll('+', '%20').replaceAll('%7E', '~')
  const loose = component.replace(/%(21|27|28|29)/g, code => decodeURIComponent(code))
  // Python's quote(), used by Jinja's urlencode, keeps / and ~ and encodes everything else but letters and digits.
  const strict = component.replaceAll('*', '%2A')
  const pythons = [strict, strict.replaceAll('%2F', '/'), strict.replaceAll('%20', '+')]
  for (const form of new Set([encoded, component, loose, ...pythons, loose.replaceAll('%2F', '/')])) {
    yield form
    yield form.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())
  }
}

function* base64Forms(value: string): Generator<string> {
  const bytes = Buffer.from(value)
  const whole = bytes.toString('base64').replace(/=+$/, '')
  yield whole
  yield urlSafe(whole)
  for (const before of [0, 1, 2]) {
    // The outer characters share bits with neighbouring bytes; only those between are always the same.
    const core = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const end = Math.floor(((before + bytes.length) * 8) / 6)
    const inner = core.slice(Math.ceil((before * 8) / 6), end)
    if (inner.length < 8) continue
    yield inner
    yield urlSafe(inner)
  }
}

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_')
