import { ConfigError } from '../errors'
import { QUERY } from '../options/rules'
import { headerOf, setHeader, type Headers } from './headers'
import { bufferOf, isBuffer, isRecord } from './snapshot'

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
  return `${encodeURIComponent(key)}=${encodeURIComponent(textOf(value))}`
}

function textOf(value: string | number | boolean | object): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The fields of an upload's form: WeChat documents nothing of what is neither text nor number (wx.uploadFile page). */
export function serializeForm(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const form: Record<string, unknown> = {}
  for (const name of Object.keys(fields)) {
    const value = fields[name] as Value
    if (value !== undefined && value !== null) form[name] = typeof value === 'object' ? textOf(value) : value
  }
  return form
}

/** Whose data is the query: these have no body. */
export function travelsAsQuery(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

export function appendQuery(url: string, query: string): string {
  if (!query) return url
  return url + (url.indexOf('?') < 0 ? '?' : /[?&]$/.test(url) ? '' : '&') + query
}

export interface Serializable {
  url: string
  method: string
  header: Headers
  data: unknown
}

/** Turns the data of a request, its token on it, into what travels: a query or a body. */
export function serialize(options: Serializable): void {
  const { method, header } = options
  const data = bufferOf(options.data)
  options.data = data === null ? undefined : data
  if (data === undefined || data === null || typeof data === 'string' || isBuffer(data)) return
  if (travelsAsQuery(method)) {
    options.url = withQuery(options.url, data)
    options.data = undefined
  } else {
    const type = headerOf(header, 'content-type')
    if (type === undefined) header['content-type'] = 'application/json'
    options.data = /x-www-form-urlencoded/i.test(String(type)) ? serializeQuery(data) : JSON.stringify(data)
  }
}

/** Names are what a query is made of. */
export function withQuery(url: string, query: unknown): string {
  if (isRecord(query)) return appendQuery(url, serializeQuery(query))
  throw new ConfigError(`cannot be sent: query must be ${QUERY.must}.`)
}

/** For a method that the platform lacks: WeChat has no PATCH (wx.request page). */
export function overrideMethod(options: Serializable, header: string | undefined, platform: string): void {
  if (!header)
    throw new ConfigError(
      `is a ${options.method}, which ${platform} does not have. Set methodOverride: true if your server takes X-HTTP-Method-Override, else use post().`,
    )
  setHeader(options.header, header, options.method)
  options.method = 'POST'
}
