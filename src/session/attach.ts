import { ConfigError } from '../errors'
import type { Attach, Outgoing } from '../options/session'
import { headerOf, isHeaderName, setHeader } from '../transport/headers'
import { appendQuery, isRecord, pair, travelsAsQuery } from '../transport/serialize'

export type AttachToken = (request: Outgoing, token: string) => void

const PLACES: Record<string, (request: Outgoing, name: string, token: string) => void> = {
  header(request, name, token) {
    setHeader(request.header, name, token)
  },
  cookie(request, name, token) {
    if (/[;\s]/.test(token))
      throw new ConfigError('cannot carry its token in a cookie: it has a semicolon or a space.')
    const others = headerOf(request.header, 'cookie')
    setHeader(request.header, 'Cookie', `${others ? `${others}; ` : ''}${name}=${token}`)
  },
  query(request, name, token) {
    request.url = appendQuery(request.url, pair(name, token))
  },
  body(request, name, token) {
    const { data } = request
    if ((data !== undefined && !isRecord(data)) || travelsAsQuery(request.method))
      throw new ConfigError(
        'cannot carry the token in its body (attach: { body }): send an object with POST.',
      )
    request.data = Object.assign({}, data, { [name]: token })
  },
}

export function createAttach(attach: Attach): AttachToken {
  if (typeof attach === 'function') return attach
  if (attach === 'bearer')
    return (request, token) => setHeader(request.header, 'Authorization', `Bearer ${token}`)
  for (const place in PLACES) {
    const name = (Object(attach) as Record<string, string>)[place]
    const write = PLACES[place]
    if (!name || !write) continue
    // The WeChat gateway drops request headers that start like this (gateway guide, differences).
    if (place === 'header' && /^x-wx-/i.test(name))
      throw new ConfigError(`attach: WeChat drops headers such as ${name}. Choose another name.`)
    if (isHeaderName(name) || place === 'query' || place === 'body')
      return (request, token) => write(request, name, token)
  }
  throw new ConfigError(
    "attach: use 'bearer', { header }, { cookie }, { query }, { body } with a name, or a function.",
  )
}

/** More than servers take in one header; a longer "token" is most likely an error page. */
const LONGEST_TOKEN = 16_384

/** Why this cannot be a token, or `undefined` when it can. Never quotes it. */
export function tokenProblem(token: unknown): string | undefined {
  if (token === undefined || token === null) return 'it is missing'
  if (typeof token !== 'string') return `it is of type ${typeof token}, not a string`
  if (!token) return 'it is empty'
  if (token.length > LONGEST_TOKEN) return `it has ${token.length} characters`
  // Anything else could end the header, the cookie or the URL it rides in, and start another.
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token)
    ? undefined
    : 'it has characters that a header cannot carry'
}
