/** Stands for a host's own name in what is alike on many hosts. */
export const HOST_WORD = '<host>'

const inName = /[\p{L}\p{N}_-]/u

/** A text with the host's name taken out, where it stands as a word: `/srv/web1` and `/srv/web2` become one. */
export function withoutHost(text: string, host: string): string {
  if (host === '' || !text.includes(host)) return text
  let made = ''
  let from = 0
  for (let i = text.indexOf(host); i >= 0; i = text.indexOf(host, i + host.length)) {
    const end = i + host.length
    if (inName.test(text[i - 1] ?? '') || inName.test(text[end] ?? '')) continue
    made += text.slice(from, i) + HOST_WORD
    from = end
  }
  return made + text.slice(from)
}
