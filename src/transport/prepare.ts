import { ConfigError } from '../errors'
import type { AttachToken, Outgoing } from '../session/attach'
import { addHeaders, headerOf, setHeader, type HeaderInit, type Headers } from './headers'
import type { Method, PlatformRequest } from './platform'
import { appendQuery, serializeBody, serializeQuery, type Query } from './serialize'
import { isAbsolute, join, type Bases } from './urls'

/** The absolute URL of a request, and the base it came from. */
export function resolveURL(bases: Bases, url: string): { url: string; base: string | undefined } {
  if (typeof url !== 'string') throw new ConfigError('has no url.')
  const plain = url.replace(/#.*$/, '')
  if (isAbsolute(plain)) {
    if (!/^https?:\/\//i.test(plain))
      throw new ConfigError(`has a url that is neither http nor https: ${plain}`)
    return { url: plain, base: undefined }
  }
  const base = bases.current()
  if (!base)
    throw new ConfigError('has a relative url, and the client no baseURL. Set one, or use an absolute url.')
  return { url: join(base, plain), base }
}

export type Header = HeaderInit | (() => HeaderInit) | undefined

/** The headers of several sources, later ones winning whatever their case. */
export function mergeHeaders(...sources: readonly Header[]): Headers {
  const headers: Headers = {}
  for (const source of sources)
    if (source) addHeaders(headers, typeof source === 'function' ? source() : source)
  return headers
}

const QUERY_METHODS = ['GET', 'HEAD', 'DELETE']

function isRecord(data: unknown): data is Query {
  return (
    typeof data === 'object' && data !== null && !(data instanceof ArrayBuffer) && !ArrayBuffer.isView(data)
  )
}

/** Writes the token on a request and turns it into what `wx.request` takes. `options` is filled in and returned. */
export function seal(
  options: PlatformRequest,
  outgoing: Outgoing,
  attach: AttachToken | undefined,
  token: string | undefined,
): PlatformRequest {
  if (attach && token !== undefined) attach(outgoing, token)
  const { header, data, method } = outgoing
  options.url = outgoing.url
  options.header = header
  // WeChat has no PATCH; back ends know this header from browsers that had none either.
  if (method === 'PATCH') setHeader(header, 'X-HTTP-Method-Override', 'PATCH')
  options.method = method === 'PATCH' ? 'POST' : (method as Method)
  if (isRecord(data) && QUERY_METHODS.indexOf(method) >= 0) {
    options.url = appendQuery(outgoing.url, serializeQuery(data))
  } else {
    const body = serializeBody(data, headerOf(header, 'content-type'))
    if (body !== undefined) options.data = body
    if (body !== data && headerOf(header, 'content-type') === undefined)
      header['content-type'] = 'application/json'
  }
  return options
}
