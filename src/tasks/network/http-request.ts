import { lines, type Script, sh } from '../../text/sh.ts'
import type { HttpAddress } from './http-address.ts'

export interface HttpRequest {
  readonly address: HttpAddress
  /** In capital letters. */
  readonly method: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body?: string
  readonly user?: string
  readonly password?: string
  readonly validateCerts: boolean
  readonly ca?: string
  /** HOST:PORT in the place of the address's own. */
  readonly connectTo?: { readonly host: string; readonly port: number }
  readonly follow: boolean
  /** Seconds. */
  readonly timeout: number
}

export interface RetryPlan {
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

const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host)

// A method that is told to curl is used again at the place that a redirect leads to: only one that curl does not choose
// by itself is told.
const toldMethod = ({ method, body }: HttpRequest): boolean =>
  !((method === 'GET' && body === undefined) || (method === 'POST' && body !== undefined) || method === 'HEAD')

// Everything goes in over stdin, so that neither the password nor a header is in an argv.
const curlConfig = (request: HttpRequest): string =>
  [
    ['url', request.address.href],
    ...(toldMethod(request) ? [['request', request.method]] : []),
    ...Object.entries(request.headers).map(([name, value]) => [
      'header',
      String(value) === '' ? `${name};` : `${name}: ${String(value)}`,
    ]),
    ...(request.body === undefined ? [] : [['data-raw', request.body]]),
    ...(request.user === undefined ? [] : [['user', `${request.user}:${request.password ?? ''}`]]),
    ...(request.ca === undefined ? [] : [['cacert', request.ca]]),
    ...(request.connectTo === undefined
      ? []
      : [['connect-to', `::${bracketed(request.connectTo.host)}:${request.connectTo.port}`]]),
    ['max-time', String(request.timeout)],
    ['max-redirs', '10'],
    ['proto-redir', '=http,https'],
    ['write-out', '\n%{http_code} %{size_header} %{num_redirects}'],
  ]
    .map(([name = '', value = '']) => `${name} = ${quoted(value)}`)
    .concat(
      request.validateCerts ? [] : ['insecure'],
      request.follow ? ['location'] : [],
      request.method === 'HEAD' ? ['head'] : [],
      // An address is one address: brackets and braces in it are no pattern.
      ['silent', 'show-error', 'include', 'noproxy = "*"', 'path-as-is', 'globoff', ''],
    )
    .join('\n')

// Perl is part of every Debian; HTTP/1.0 keeps the answer in one piece.
const perl = `my ($h,$p,$t)=@ARGV; my $c=eval{require IO::Socket::IP;1}?'IO::Socket::IP':do{require IO::Socket::INET;'IO::Socket::INET'};
sub no{print STDERR $_[1]; print "\\n000 0 0"; exit $_[0]} $SIG{ALRM}=sub{no(28,"no answer in $t s")}; alarm $t; local $/; my $r=<STDIN>;
my $s=$c->new(PeerAddr=>$h,PeerPort=>$p,Timeout=>$t) or no(7,"cannot connect to $h:$p: ".($!||$@)); print $s $r; my $a=<$s>; defined $a && $a ne '' or no(52,'empty reply');
my ($n)=$a=~m{^HTTP/\\S+ (\\d+)}; my $e=$a=~/\\r?\\n\\r?\\n/?$+[0]:length $a; print $a,"\\n",$n||'000',' ',$n?$e:0,' 0'`

const plainRequest = (request: HttpRequest): string => {
  const { address } = request
  const own = new Set(Object.keys(request.headers).map(name => name.toLowerCase()))
  const given = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`)
  const usual = [
    ...(own.has('host') ? [] : [`Host: ${address.authority}`]),
    ...(request.user === undefined
      ? []
      : [`Authorization: Basic ${Buffer.from(`${request.user}:${request.password ?? ''}`).toString('base64')}`]),
    ...(request.body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(request.body)}`]),
  ]
  return [`${request.method} ${address.target} HTTP/1.0`, ...usual, ...given, '', request.body ?? ''].join('\r\n')
}

/**
 * Asks once, or until the answer has one of `codes`. `$reply` gets the answer with all its heads, and behind it a line
 * of its own: CODE BYTES-OF-HEADS REDIRECTS EXIT-CODE COMPLAINT.
 */
export function askHttp(request: HttpRequest, again: RetryPlan): Script {
  const { address, connectTo } = request
  const byPerl =
    !address.secure && !request.follow
      ? sh`elif command -v perl >/dev/null 2>&1; then
  { said=$(printf %s ${plainRequest(request)} | perl -e ${perl} ${connectTo?.host ?? address.host} ${connectTo?.port ?? address.port} ${request.timeout} 2>&1 >&3 3>&-); code=$?; } 3>&1`
      : sh``
  // What is too long is cut, but not its end: there stands how the asking ended.
  const ask = sh`ask() {
{ if command -v curl >/dev/null 2>&1; then
  { said=$(printf %s ${curlConfig(request)} | curl -q -K - 2>&1 >&3 3>&-); code=$?; } 3>&1
${byPerl}
else code=127 said='this check needs curl on the host'; printf '\n000 0 0'; fi
printf ' %s ' "$code"; [ -z "$said" ] || printf %s "$said" | tr '\n' ' ' | head -c 300; } | { head -c ${LONGEST}; tail -c 500; }
}`
  // bash warns of each answer with a null byte, which no variable can hold.
  const reply = sh`{ reply=$(ask); } 2>/dev/null`
  if (again.retries === 0) return lines(ask, reply)
  // Not \${reply##*...}: dash goes through a long text once for each of its characters.
  return lines(
    ask,
    sh`i=0
while :; do
  ${reply}
  end=$(printf '%s' "$reply" | tail -n 1)
  case "\${end%% *}" in ${alternatives(again.codes)}) break;; ${again.on.length === 0 ? sh`` : sh`${alternatives(again.on)}) ;; *) break;;`} esac
  case \${end#* * * } in ${HOPELESS}) break;; esac
  i=$((i + 1)); [ "$i" -gt ${again.retries} ] && break
  sleep ${again.delay}
done`,
  )
}

/**
 * What another try cannot mend, by curl's exit code: an address or an option that is none (1, 2, 3), certificates that
 * cannot be read or are not trusted (58, 59, 60, 77), and a server that refuses the TLS of this client (35 and an alert).
 */
const HOPELESS = sh`'1 '*|'2 '*|'3 '*|'58 '*|'59 '*|'60 '*|'77 '*|'127 '*|'35 '*alert*`

const alternatives = (codes: readonly number[]): Script =>
  codes.map(code => sh`${code === 0 ? '000' : code}`).reduce((all, one) => sh`${all}|${one}`)
