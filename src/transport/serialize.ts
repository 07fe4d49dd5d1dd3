import { headerOf, setHeader, type Headers } from './headers'

/**
 * A query or a form body: an object, its values of any kind. `undefined` and `null` are left out, an array repeats
 * its key, a `Date` is ISO 8601, any other object is JSON.
 */
export type Query = object
type Value = string | number | boolean | object | null | undefined

/**
 * WeChat documents nothing of this beyond `encodeURIComponent` (wx.request page), and users met mangled arrays, so
 * nothing is left to it.
 */
export function serializeQuery(query: Query): string {
  const pairs: string[] = []
  for (const [key, given] of Object.entries(query) as [string, Value][]) {
    for (const value of ([] as Value[]).concat(given)) {
      if (value !== undefined && value !== null) pairs.push(pair(key, value))
    }
  }
  return pairs.join('&')
}

export function pair(key: string, value: string | number | boolean | object): string {
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
  return `${encodeURIComponent(key)}=${encodeURIComponent(text)}`
}

/** Whose data is the query: these have no body that servers agree on. */
export function travelsAsQuery(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'DELETE'
}

export function appendQuery(url: string, query: string): string {
  if (!query) return url
  return url + (url.indexOf('?') < 0 ? '?' : /[?&]$/.test(url) ? '' : '&') + query
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return tagOf(value) === '[object Object]'
}

/** The same for values from another realm, as `instanceof` is not. */
function tagOf(value: unknown): unknown {
  return Object.prototype.toString.call(value)
}

interface Serializable {
  url: string
  method: string
  header: Headers
  data: unknown
}

/** Turns the data of a request, its token on it, into what travels: a query or a body. */
export function serialize(options: Serializable): void {
  const { method, header, data } = options
  if (method === 'PATCH') {
    // WeChat has no PATCH; back ends know this header from browsers that had none either.
    options.method = 'POST'
    setHeader(header, 'X-HTTP-Method-Override', method)
  }
  if (data === undefined || typeof data === 'string' || tagOf(data) === '[object ArrayBuffer]') return
  if (ArrayBuffer.isView(data)) {
    options.data = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
  } else if (travelsAsQuery(method) && typeof data === 'object') {
    options.url = appendQuery(options.url, serializeQuery(Object(data) as Query))
    options.data = undefined
  } else {
    const type = headerOf(header, 'content-type')
    if (type === undefined) header['content-type'] = 'application/json'
    options.data = /x-www-form-urlencoded/i.test(String(type))
      ? serializeQuery(data as Query)
      : JSON.stringify(data)
  }
}
