/** Replaces the host's own name in a text that is the same on many hosts. */
export const HOST_PLACEHOLDER = '<host>'

const inName = /[\p{L}\p{N}_-]/u

/** Replaces the host's name, as a whole word, by the placeholder: `/srv/web1` and `/srv/web2` become the same text. */
export function withoutHost(text: string, host: string): string {
  if (host === '' || !text.includes(host)) return text
  let made = ''
  let from = 0
  for (let i = text.indexOf(host); i >= 0; i = text.indexOf(host, i + host.length)) {
    const end = i + host.length
    if (inName.test(text[i - 1] ?? '') || inName.test(text[end] ?? '')) continue
    made += text.slice(from, i) + HOST_PLACEHOLDER
    from = end
  }
  return made + text.slice(from)
}
