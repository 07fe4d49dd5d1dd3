export type QueryValue = string | number | boolean | Date | null | undefined | readonly QueryValue[] | object
export type Query = Readonly<Record<string, QueryValue>>

/**
 * A query or a form body. `undefined` and `null` are left out, an array repeats its key, a `Date` is ISO 8601,
 * any other object is JSON. WeChat documents none of this beyond `encodeURIComponent` (wx.request page), and
 * users met mangled arrays, so nothing is left to it.
 */
export function serializeQuery(query: Query): string {
  const pairs: string[] = []
  for (const key of Object.keys(query)) {
    const value = query[key]
    for (const one of Array.isArray(value) ? (value as readonly QueryValue[]) : [value]) {
      if (one !== undefined && one !== null) pairs.push(pair(key, one))
    }
  }
  return pairs.join('&')
}

export function pair(key: string, value: NonNullable<QueryValue>): string {
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
  return `${encodeURIComponent(key)}=${encodeURIComponent(text)}`
}

/** Strings and buffers travel as they are; anything else becomes a form or JSON, as the content type says. */
export function serializeBody(
  data: unknown,
  contentType: string | undefined,
): string | ArrayBuffer | undefined {
  if (data === undefined || typeof data === 'string' || data instanceof ArrayBuffer) return data
  if (ArrayBuffer.isView(data)) {
    return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer
  }
  if (contentType && /x-www-form-urlencoded/i.test(contentType)) return serializeQuery(data as Query)
  return JSON.stringify(data)
}

/** Whose data is the query: these have no body that servers agree on. */
export function travelsAsQuery(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'DELETE'
}

export function appendQuery(url: string, query: string): string {
  if (!query) return url
  return url + (url.indexOf('?') < 0 ? '?' : /[?&]$/.test(url) ? '' : '&') + query
}
