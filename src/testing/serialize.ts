import { decodeUtf8, encodeUtf8 } from './utf8'

/** Why a call cannot be sent at all: becomes a `fail`. */
export class Unsendable extends Error {
  constructor(
    readonly errMsg: string,
    readonly errno: number,
  ) {
    super(errMsg)
  }
}

/** The methods that the wx.request page lists. */
export const METHODS: readonly string[] = [
  'OPTIONS',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'TRACE',
  'CONNECT',
]

/** Errno table: 600009 for a URL that is none, 600002 for one that the console does not list. */
export function checkedUrl(url: unknown, domains: readonly string[] | undefined): string {
  const origin = typeof url === 'string' ? /^https?:\/\/[^/?#\s]+/i.exec(url)?.[0] : undefined
  if (origin === undefined) throw new Unsendable(`fail invalid url ${JSON.stringify(url)}`, 600009)
  if (domains && !domains.includes(origin.toLowerCase()))
    throw new Unsendable('fail url not in domain list', 600002)
  return url as string
}

/** There is no PATCH (wx.request page); older runtimes answered it with this message. */
export function checkedMethod(method: unknown, methods: readonly string[]): string {
  const name = typeof method === 'string' ? method.toUpperCase() : 'GET'
  if (methods.includes(name)) return name
  throw new Unsendable('fail method is invalid', 600005)
}

/**
 * The header as sent: `Referer` cannot be set (network guide), `content-type` is JSON when not given
 * (wx.request page). Uploads choose their own.
 */
export function sentHeader(header: unknown, defaultType: string | undefined): Record<string, string> {
  const sent: Record<string, string> = {}
  let hasType = defaultType === undefined
  if (typeof header === 'object' && header !== null) {
    for (const [name, value] of Object.entries(header)) {
      const lower = name.toLowerCase()
      if (lower === 'referer' || value === undefined) continue
      if (lower === 'content-type') hasType = true
      sent[name] = String(value)
    }
  }
  if (!hasType && defaultType !== undefined) sent['content-type'] = defaultType
  return sent
}

/** WeChat Gateway lower-cases header names and drops those that begin with x-wx- (gateway page on differences). */
export function gatewayHeader(header: Record<string, string>): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (!/^x-wx-/i.test(name)) passed[name.toLowerCase()] = value
  }
  return passed
}

/**
 * The URL and body that WeChat makes of `data` (wx.request page): strings and buffers pass through, an object becomes
 * the query of a GET, a form when the content type says so, and JSON otherwise. The page is silent about
 * methods other than GET and POST; here they are treated as POST.
 */
export function sentData(
  method: string,
  url: string,
  header: Record<string, string>,
  data: unknown,
): { url: string; data: string | ArrayBuffer | undefined } {
  if (data === undefined || data === null) return { url, data: undefined }
  if (typeof data === 'string' || isBuffer(data)) return { url, data }
  if (typeof data !== 'object') return { url, data: JSON.stringify(data) }
  if (method === 'GET') return { url: withQuery(url, formOf(data)), data: undefined }
  const type = Object.keys(header).find((name) => name.toLowerCase() === 'content-type')
  if (type !== undefined && header[type]?.includes('application/x-www-form-urlencoded')) {
    return { url, data: formOf(data) }
  }
  try {
    return { url, data: JSON.stringify(data) }
  } catch {
    // Errno table: 600010, data that cannot be serialised.
    throw new Unsendable('fail data serialization failed', 600010)
  }
}

/** The body as a back end's reply puts it on the wire. */
export function wireBody(data: unknown): string | ArrayBuffer {
  if (data === undefined) return ''
  if (typeof data === 'string' || isBuffer(data)) return data
  return JSON.stringify(data)
}

/**
 * What `success` gets of a body. With `dataType: 'json'`, the default, one `JSON.parse`, any other value none
 * (wx.request page). The page does not say what happens to a body that is not JSON: phones hand over the string.
 */
export function receivedData(body: string | ArrayBuffer, dataType: unknown, responseType: unknown): unknown {
  if (responseType === 'arraybuffer') return typeof body === 'string' ? encodeUtf8(body) : body
  const text = receivedText(body)
  if (dataType !== undefined && dataType !== 'json') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** One byte order mark is taken off (network guide). */
export function receivedText(body: string | ArrayBuffer): string {
  const text = typeof body === 'string' ? body : decodeUtf8(body)
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** Buffers of another realm, a test runner's sandbox for one, are buffers too. */
export function isBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]'
}

/** A fragment stays at home. */
function withQuery(url: string, query: string): string {
  const [address = url] = url.split('#')
  if (query === '') return address
  return address + (address.includes('?') ? '&' : '?') + query
}

/** Key and value go through `encodeURIComponent` (wx.request page); nested values are not documented. */
function formOf(data: object): string {
  return Object.entries(data)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(plain(value))}`)
    .join('&')
}

function plain(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
