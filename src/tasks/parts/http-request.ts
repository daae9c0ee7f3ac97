import { lines, type Script, sh } from '../../text/sh.ts'

export interface HttpRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body?: string
  readonly user?: string
  readonly password?: string
  readonly validateCerts: boolean
  readonly ca?: string
  readonly connectTo?: string
  readonly follow: boolean
  readonly timeout: number
}

const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`

// Everything goes in over stdin, so that neither the password nor a header is in an argv.
const curlConfig = (request: HttpRequest): string =>
  [
    ['url', request.url],
    ['request', request.method],
    ...Object.entries(request.headers).map(([name, value]) => [
      'header',
      String(value) === '' ? `${name};` : `${name}: ${String(value)}`,
    ]),
    ...(request.body === undefined ? [] : [['data-raw', request.body]]),
    ...(request.user === undefined ? [] : [['user', `${request.user}:${request.password ?? ''}`]]),
    ...(request.ca === undefined ? [] : [['cacert', request.ca]]),
    ...(request.connectTo === undefined ? [] : [['connect-to', `::${request.connectTo}`]]),
    ['max-time', String(request.timeout)],
    ['write-out', '\n%{http_code}'],
  ]
    .map(([name = '', value = '']) => `${name} = ${quoted(value)}`)
    .concat(
      request.validateCerts ? [] : ['insecure'],
      request.follow ? ['location'] : [],
      request.method === 'HEAD' ? ['head'] : [],
      ['silent', 'show-error', 'include', 'noproxy = "*"', 'path-as-is', ''],
    )
    .join('\n')

// Perl is part of every Debian; HTTP/1.0 keeps the answer in one piece.
const perl = `use IO::Socket::INET; my ($h,$p,$t)=@ARGV; $SIG{ALRM}=sub{print "no answer in $t s\\n000";exit}; alarm $t; local $/; my $r=<STDIN>;
my $s=IO::Socket::INET->new(PeerAddr=>$h,PeerPort=>$p,Timeout=>$t) or do{print "cannot connect to $h:$p: $!\\n000";exit}; print $s $r; my $a=<$s>; my ($c)=$a=~m{^HTTP/\\S+ (\\d+)}; print $a,"\\n",$c||"000"`

const plainRequest = (request: HttpRequest): string => {
  const url = new URL(request.url)
  const own = new Set(Object.keys(request.headers).map(name => name.toLowerCase()))
  const given = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`)
  const usual = [
    ...(own.has('host') ? [] : [`Host: ${url.host}`]),
    ...(request.user === undefined
      ? []
      : [`Authorization: Basic ${Buffer.from(`${request.user}:${request.password ?? ''}`).toString('base64')}`]),
    ...(request.body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(request.body)}`]),
  ]
  return [`${request.method} ${url.pathname}${url.search} HTTP/1.0`, ...usual, ...given, '', request.body ?? ''].join(
    '\r\n',
  )
}

export interface Again {
  /** Codes that end the asking. */
  readonly codes: readonly number[]
  /** Only these are worth another try; empty: all but `codes`. 0 stands for no answer at all. */
  readonly on: readonly number[]
  readonly retries: number
  /** Seconds. */
  readonly delay: number
}

/** Bytes of an answer that are looked at. */
const LONGEST = 262_144

/** Asks once, or until the answer has one of `codes`; the answer's head, body and code are in `$reply`. */
export function askHttp(request: HttpRequest, again: Again): Script {
  const url = new URL(request.url)
  const [host = url.hostname, port] = (
    request.connectTo ?? `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`
  ).split(/:(?=\d+$)/)
  const byPerl =
    url.protocol === 'http:' && !request.follow
      ? sh`elif command -v perl >/dev/null 2>&1; then printf %s ${plainRequest(request)} | perl -e ${perl} ${host} ${port ?? '80'} ${request.timeout}`
      : sh``
  // What is too long is cut, but not its end: there stand the code and how the asking ended.
  const ask = sh`ask() {
{ if command -v curl >/dev/null 2>&1; then printf %s ${curlConfig(request)} | curl -q -K - 2>&1
${byPerl}
else printf 'this check needs curl on the host\n000'; fi; printf ' %s' "$?"; } | { head -c ${LONGEST}; tail -c 16; }
}`
  if (again.retries === 0) return lines(ask, sh`reply=$(ask)`)
  // Not \${reply##*...}: dash goes through a long text once for each of its characters.
  return lines(
    ask,
    sh`i=0
while :; do
  reply=$(ask)
  code=$(printf '%s' "$reply" | tail -n 1)
  case "\${code%% *}" in ${alternatives(again.codes)}) break;; ${again.on.length === 0 ? sh`` : sh`${alternatives(again.on)}) ;; *) break;;`} esac
  i=$((i + 1)); [ "$i" -gt ${again.retries} ] && break
  sleep ${again.delay}
done`,
  )
}

const alternatives = (codes: readonly number[]): Script =>
  codes.map(code => sh`${code === 0 ? '000' : code}`).reduce((all, one) => sh`${all}|${one}`)

export interface HttpReply {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What went wrong before there was an answer. */
  readonly error?: string
}

/** What `askHttp` left in `$reply`. Of several heads (redirects, 100 Continue) the last counts. */
export function readReply(reply: string): HttpReply {
  const cut = reply.lastIndexOf('\n')
  const [code = Number.NaN, ended = 0] = reply
    .slice(cut + 1)
    .split(' ')
    .map(Number)
  let rest = reply.slice(0, Math.max(0, cut))
  // What curl complains of comes before what it got.
  const said = /^curl: (\(\d+\) .*)(?:\n(?=HTTP\/)|$)/.exec(rest)
  if (said !== null) rest = rest.slice(said[0].length)
  const headers: Record<string, string> = Object.create(null)
  let headed = false
  while (/^HTTP\/[\d.]+ \d{3}/.test(rest)) {
    headed = true
    const end = /\r?\n\r?\n/.exec(rest)
    const head = end === null ? rest : rest.slice(0, end.index)
    rest = end === null ? '' : rest.slice(end.index + end[0].length)
    for (const key of Object.keys(headers)) delete headers[key]
    for (const line of head.split(/\r?\n/).slice(1)) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).trim().toLowerCase()
      const value = line.slice(colon + 1).trim()
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
    }
  }
  return {
    code: Number.isNaN(code) ? 0 : code,
    headers,
    body: rest,
    ...(headed
      ? ended === 0
        ? {}
        : { error: `the answer broke off: ${said?.[1] ?? `curl ended with ${ended}`}` }
      : { error: said?.[1] ?? (rest.trim().replace(/^curl: /, '') || 'no answer') }),
  }
}
