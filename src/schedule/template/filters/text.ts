import { createHash } from 'node:crypto'
import { lookup } from '../access.ts'
import { percent } from '../operators.ts'
import { pattern } from '../pattern.ts'
import { iterate, plain, show, Tuple, truthy, typeName } from '../values.ts'
import { arg, type FilterCall, type Filters } from './filter.ts'

const method = (name: string) => (call: FilterCall) => {
  const found = lookup(show(call.value), name, { line: 0, column: 0, path: name })
  return (found as (...args: readonly unknown[]) => unknown)(...call.args)
}

const capture = (match: readonly (string | undefined)[]): unknown =>
  match.length === 1 ? match[0] : match.length === 2 ? (match[1] ?? '') : match.slice(1).map(part => part ?? '')

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' }
const escapeHtml = (call: FilterCall) => show(call.value).replace(/[&<>'"]/g, char => escapes[char] ?? char)

/** Python's `\1`, `\g<name>` in a replacement. */
const replacement = (text: string): string =>
  text
    .replaceAll('$', '$$$$')
    .replace(/\\g<(\w+)>/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`))
    .replace(/\\(\d+)/g, '$$$1')

export const textFilters: Filters = {
  upper: method('upper'),
  lower: method('lower'),
  // Other than the method, as Jinja2's own: words begin after blanks, dashes and brackets.
  title: call =>
    show(call.value)
      .split(/([-\s({[<]+)/)
      .map(word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
      .join(''),
  capitalize: method('capitalize'),
  trim: method('strip'),
  string: call => show(call.value),
  replace: call => method('replace')({ ...call, args: call.args.map((one, i) => (i < 2 ? show(one) : one)) }),
  center: call => method('center')({ ...call, args: [arg(call, 0, 'width') ?? 80] }),
  split: call => method('split')(call),
  wordcount: call => (show(call.value).match(/[\p{L}\p{N}_]+/gu) ?? []).length,
  format: call => percent(show(call.value), call.args.length > 0 ? Tuple.of_(...call.args) : call.keywords),
  truncate: call => {
    const text = show(call.value)
    const length = Number(arg(call, 0, 'length') ?? 255)
    const end = show(arg(call, 2, 'end') ?? '...')
    if (text.length <= length + Number(arg(call, 3, 'leeway') ?? 5)) return text
    const cut = text.slice(0, length - end.length)
    return (arg(call, 1, 'killwords') === true ? cut : cut.replace(/ [^ ]*$/, '')) + end
  },
  indent: call => {
    const width = arg(call, 0, 'width') ?? 4
    const pad = typeof width === 'string' ? width : ' '.repeat(Number(width))
    const blank = truthy(arg(call, 2, 'blank') ?? false)
    const [first = '', ...rest] = show(call.value).split('\n')
    const lines = rest.map(line => (line === '' && !blank ? line : pad + line))
    return [truthy(arg(call, 1, 'first') ?? false) ? pad + first : first, ...lines].join('\n')
  },
  comment: call => {
    const mark = { plain: '#', c: '//', erlang: '%', xml: ' -' }[String(arg(call, 0, 'style') ?? 'plain')] ?? '#'
    const lines = show(call.value)
      .split('\n')
      .map(line => `${mark} ${line}`.trimEnd())
    return [mark, ...lines, mark].join('\n')
  },
  quote: call => {
    const word = show(call.value)
    return word !== '' && /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`
  },
  regex_replace: call => {
    const regex = pattern(arg(call, 0, 'pattern') ?? '', {
      ignorecase: arg(call, 2, 'ignorecase'),
      multiline: arg(call, 3, 'multiline'),
      all: true,
    })
    return show(call.value).replace(regex, replacement(show(arg(call, 1, 'replacement') ?? '')))
  },
  regex_search: call => {
    const found = pattern(call.args[0], { ...call.keywords }).exec(show(call.value))
    if (found === null) return null
    const groups = call.args.slice(1).map(String)
    if (groups.length === 0) return found[0]
    return groups.map(
      group =>
        (group.startsWith('\\g<') ? found.groups?.[group.slice(3, -1)] : found[Number(group.replace(/^\\/, ''))]) ??
        null,
    )
  },
  regex_findall: call =>
    [...show(call.value).matchAll(pattern(call.args[0], { ...call.keywords, all: true }))].map(capture),
  regex_escape: call => show(call.value).replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'),
  escape: escapeHtml,
  e: escapeHtml,
  forceescape: escapeHtml,
  safe: call => call.value,
  urlencode: call => {
    if (typeof call.value === 'object' && call.value !== null && !Array.isArray(call.value))
      return Object.entries(call.value)
        .map(([key, item]) => `${encode(key)}=${encode(show(item))}`.replaceAll('%20', '+'))
        .join('&')
    if (Array.isArray(call.value))
      return call.value
        .map(pair => iterate(pair).map(show))
        .map(([key = '', item = '']) => `${encode(key)}=${encode(item)}`.replaceAll('%20', '+'))
        .join('&')
    return encode(show(call.value), true)
  },
  filesizeformat: call => {
    const base = truthy(arg(call, 0, 'binary') ?? false) ? 1024 : 1000
    const size = Number(plain(call.value))
    if (size === 1) return '1 Byte'
    if (size < base) return `${Math.trunc(size)} Bytes`
    const power = Math.min(8, Math.floor(Math.log(size) / Math.log(base) + 1e-12))
    return `${(size / base ** power).toFixed(1)} ${'kMGTPEZY'[power - 1]?.toUpperCase().replace('K', base === 1000 ? 'k' : 'K')}${base === 1024 ? 'i' : ''}B`
  },
  wordwrap: call => {
    const width = Number(arg(call, 0, 'width') ?? 79)
    const breaks = truthy(arg(call, 1, 'break_long_words') ?? true)
    return show(call.value)
      .split('\n')
      .map(line => wrapped(line, width, breaks).join('\n'))
      .join('\n')
  },
  striptags: call =>
    unescapeHtml(show(call.value).replace(/<!--[\s\S]*?-->|<[^>]*>/g, ''))
      .replace(/\s+/g, ' ')
      .trim(),
  b64encode: call => Buffer.from(show(call.value)).toString('base64'),
  b64decode: call => Buffer.from(show(call.value), 'base64').toString(),
  hash: call =>
    createHash(String(arg(call, 0, 'hashtype') ?? 'sha1'))
      .update(show(call.value))
      .digest('hex'),
  checksum: call => createHash('sha1').update(show(call.value)).digest('hex'),
  md5: call => createHash('md5').update(show(call.value)).digest('hex'),
  sha1: call => createHash('sha1').update(show(call.value)).digest('hex'),
  basename: call => show(call.value).split('/').at(-1),
  dirname: call => {
    const path = show(call.value)
    const at = path.lastIndexOf('/')
    return at < 0 ? '' : at === 0 ? '/' : path.slice(0, at).replace(/(.)\/+$/, '$1')
  },
  splitext: call => {
    const path = show(call.value)
    const found = /^(.*[^/.][^/]*?)(\.[^./]*)$/s.exec(path)
    return found === null ? Tuple.of_(path, '') : Tuple.of_(found[1], found[2])
  },
  urlsplit: call => {
    const url = new URL(show(call.value))
    const parts: Readonly<Record<string, unknown>> = {
      scheme: url.protocol.slice(0, -1),
      hostname: url.hostname,
      netloc: url.host,
      port: url.port === '' ? null : Number(url.port),
      path: url.pathname,
      query: url.search.slice(1),
      fragment: url.hash.slice(1),
      username: url.username || null,
      password: url.password || null,
    }
    const one = call.args[0]
    return one === undefined ? parts : parts[String(one)]
  },
  type_debug: call => typeName(call.value),
  join: call => {
    const attribute = arg(call, 1, 'attribute')
    return iterate(call.value)
      .map(item =>
        show(attribute === undefined ? item : lookup(item, attribute, { line: 0, column: 0, path: String(attribute) })),
      )
      .join(show(arg(call, 0, 'd') ?? ''))
  },
  human_readable: call => {
    let size = Number(plain(call.value))
    let unit = 0
    const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB']
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024
      unit++
    }
    return `${size.toFixed(2)} ${units[unit]}`
  },
}

const encode = (text: string, slash = false): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll(slash ? '%2F' : '\0', slash ? '/' : '')

const wrapped = (line: string, width: number, breaks: boolean): readonly string[] => {
  const lines: string[] = []
  let current = ''
  for (const whole of line.split(/\s+/).filter(one => one !== '')) {
    let word = whole
    while (word !== '') {
      const joined = current === '' ? word : `${current} ${word}`
      // Only a word that fits on no line is cut, and its beginning fills up the line that is there.
      const cut = breaks && word.length > width ? width - (joined.length - word.length) : 0
      if (joined.length <= width || (cut <= 0 && current === '')) {
        current = joined
        word = ''
      } else if (cut > 0) {
        lines.push(joined.slice(0, width))
        current = ''
        word = word.slice(cut)
      } else {
        lines.push(current)
        current = ''
      }
    }
  }
  return current === '' && lines.length > 0 ? lines : [...lines, current]
}

const unescapeHtml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#34);/g, (_, name: string) => unescapes[name] ?? '')
const unescapes: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#34': '"' }
