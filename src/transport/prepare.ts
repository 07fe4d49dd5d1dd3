import { ConfigError } from '../errors'
import { headerOf, setHeader } from './headers'
import { appendQuery, serializeBody, serializeQuery, travelsAsQuery, type Query } from './serialize'
import type { WireOptions } from './transport'
import { isAbsolute, join, type Bases } from './urls'

/** The absolute URL of a request. `base` is that of a relative one. */
export function resolveURL(url: string, base: string | undefined): string {
  const end = url.indexOf('#')
  const plain = end < 0 ? url : url.slice(0, end)
  if (base) return join(base, plain)
  if (base === '')
    throw new ConfigError('has a relative url, and the client no baseURL: set one, or use an absolute url.')
  if (!/^https?:\/\//i.test(plain)) throw new ConfigError('has a url that is neither http nor https.')
  return plain
}

/** The base that a URL is relative to, if it is relative. */
export function baseOf(url: string, bases: Bases): string | undefined {
  return isAbsolute(url) ? undefined : bases.current()
}

/** Turns the data of a request, its token on it, into what travels: a query or a body. */
export function serialize(options: WireOptions): void {
  const { url, method, header, data } = options
  if (method === 'PATCH') {
    // WeChat has no PATCH; back ends know this header from browsers that had none either.
    options.method = 'POST'
    setHeader(header, 'X-HTTP-Method-Override', method)
  }
  const isQuery = travelsAsQuery(method)
  if (data === undefined) return
  if (isQuery && data === null) {
    options.data = undefined
  } else if (
    isQuery &&
    typeof data === 'object' &&
    !(data instanceof ArrayBuffer) &&
    !ArrayBuffer.isView(data)
  ) {
    options.url = appendQuery(url, serializeQuery(data as Query))
    options.data = undefined
  } else {
    const type = headerOf(header, 'content-type')
    options.data = serializeBody(data, type)
    if (type === undefined && options.data !== data) header['content-type'] = 'application/json'
  }
}
