import { rethrowBug } from '../../text/rethrow-bug.ts'
export interface HttpReply {
  readonly code: number
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly redirected: boolean
  /** What went wrong before there was a whole answer. */
  readonly error?: string
}

/** What `askHttp` left in `$reply`, one character a byte. Of several heads (redirects, 100 Continue) the last counts. */
export function readReply(reply: string): HttpReply {
  const cut = reply.lastIndexOf('\n')
  const [, code = '0', size = '0', redirects = '0', exit = '1', said = ''] =
    /^(\d+) (\d+) (\d+) (\d+) (.*)$/.exec(reply.slice(cut + 1)) ?? []
  // A body may look like a head: how long the heads are is told by who read them.
  const heads = reply.slice(0, Number(size))
  const body = reply.slice(Number(size), Math.max(Number(size), cut))
  const complaint = utf8(said)
    .trim()
    .replace(/^curl: /, '')
  const ended = Number(exit)
  const error =
    heads === ''
      ? complaint || 'no answer'
      : ended === 0
        ? undefined
        : ended === 47
          ? complaint
          : `the answer broke off: ${complaint || `curl ended with ${ended}`}`
  return {
    code: Number(code),
    headers: headersOf(heads),
    body: utf8(body),
    redirected: Number(redirects) > 0,
    ...(error === undefined ? {} : { error }),
  }
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

const headersOf = (heads: string): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = Object.create(null)
  const last =
    heads
      .trimEnd()
      .split(/\r?\n\r?\n/)
      .at(-1) ?? ''
  for (const line of last.split(/\r?\n/).slice(1)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = utf8(line.slice(colon + 1).trim())
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

/** The value of a body that says that it is JSON, unless it is none or nested beyond all measure. */
export function jsonOf({ headers, body }: HttpReply): unknown {
  if (!/^[^;]*[/+]json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined
  if (deepest(body) > DEEPEST) return undefined
  try {
    return JSON.parse(body) as unknown
  } catch (error) {
    rethrowBug(error)
    return undefined
  }
}

const DEEPEST = 100

/** Brackets that are open at once, those in texts included. */
const deepest = (text: string): number => {
  let open = 0
  let most = 0
  for (const character of text)
    if (character === '[' || character === '{') most = Math.max(most, ++open)
    else if (character === ']' || character === '}') open--
  return most
}
