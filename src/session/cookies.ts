import type { Response } from '../options/response'
import { headerOf } from '../transport/headers'

/**
 * The value of a cookie that an answer sets, as a browser would take it (RFC 6265, 5.2): up to the semicolon, quotes and all. The
 * last one counts: frameworks clear a cookie and set it again in one answer. `undefined` where it is not set, or is being cleared.
 */
export function cookieIn({ cookies, header }: Response, name: string): string | undefined {
  const lines = cookies && cookies.length ? cookies : split(headerOf(header, 'set-cookie'))
  let found: string | undefined
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';')
    const end = pair.indexOf('=')
    if (end < 0 || pair.slice(0, end).trim() !== name) continue
    found = isEnding(attributes) ? undefined : pair.slice(end + 1).trim() || undefined
  }
  return found
}

/**
 * WeChat joins several cookies by commas where it has no list (reported: NervJS/taro#1061), and dates and quoted values have commas
 * of their own: a cookie begins where a name and an equals sign follow the comma, outside quotes.
 */
function split(header: string | undefined): string[] {
  const lines: string[] = []
  let line = ''
  let isQuoted = false
  for (const part of (header || '').split(',')) {
    const begins = !isQuoted && /^\s*[^\s;=,]+=/.test(part)
    if (begins && line) lines.push(line)
    line = begins || !line ? part : `${line},${part}`
    if (part.split('"').length % 2 === 0) isQuoted = !isQuoted
  }
  return line ? lines.concat(line) : lines
}

/**
 * Whether the attributes clear the cookie. Max-Age goes before Expires, and one that is no number says nothing (RFC 6265, 5.2.2 and
 * 5.3). The phone's clock is not asked: servers write a date long gone.
 */
function isEnding(attributes: readonly string[]): boolean {
  let maxAge: string | undefined
  let expires = ''
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=')
    const key = name.trim().toLowerCase()
    if (key === 'max-age' && /^\s*-?\d+\s*$/.test(value)) maxAge = value
    if (key === 'expires') expires = value
  }
  return maxAge === undefined ? Date.parse(expires) < Date.UTC(2001, 0) : Number(maxAge) <= 0
}
