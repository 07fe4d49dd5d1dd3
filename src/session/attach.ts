import { ConfigError } from '../errors'
import type { Attach, Outgoing } from '../options'
import { headerOf, isHeaderName, setHeader } from '../transport/headers'
import { pair, travelsAsQuery } from '../transport/serialize'

export type AttachToken = (request: Outgoing, token: string) => void

export function createAttach(attach: Attach): AttachToken {
  if (typeof attach === 'function') return attach
  if (attach === 'bearer')
    return (request, token) => setHeader(request.header, 'Authorization', `Bearer ${token}`)
  if (typeof attach === 'object' && (attach as unknown)) {
    if ('header' in attach && isHeaderName(attach.header)) return inHeader(attach.header)
    if ('cookie' in attach && isHeaderName(attach.cookie)) return inCookie(attach.cookie)
    if ('query' in attach && attach.query) return inQuery(attach.query)
    if ('body' in attach && attach.body) return inBody(attach.body)
  }
  throw new ConfigError(
    "attach: use 'bearer', { header }, { cookie }, { query }, { body } with a name, or a function.",
  )
}

function inHeader(name: string): AttachToken {
  // The WeChat gateway drops request headers that start like this (gateway guide, differences).
  if (/^x-wx-/i.test(name))
    throw new ConfigError(`attach: WeChat drops headers such as ${name}. Choose another name.`)
  return (request, token) => setHeader(request.header, name, token)
}

function inCookie(name: string): AttachToken {
  return (request, token) => {
    if (/[;\s]/.test(token))
      throw new ConfigError('cannot carry its token in a cookie: it has a semicolon or a space.')
    const others = headerOf(request.header, 'cookie')
    setHeader(request.header, 'Cookie', `${others ? `${others}; ` : ''}${name}=${token}`)
  }
}

function inQuery(name: string): AttachToken {
  return (request, token) => {
    request.url += (request.url.indexOf('?') < 0 ? '?' : '&') + pair(name, token)
  }
}

function inBody(name: string): AttachToken {
  return (request, token) => {
    const { data } = request
    const isRecord = data === undefined || Object.prototype.toString.call(data) === '[object Object]'
    if (!isRecord || travelsAsQuery(request.method)) {
      throw new ConfigError(
        `cannot carry the token in its body (attach: { body }): send an object with POST.`,
      )
    }
    request.data = Object.assign({}, data, { [name]: token })
  }
}

/** More than servers take in one header; a longer "token" is most likely an error page. */
const LONGEST_TOKEN = 16_384

/** Why this cannot be a token, or `undefined` when it can. Never quotes it. */
export function tokenProblem(token: unknown): string | undefined {
  if (typeof token !== 'string')
    return `it is ${token === null ? 'null' : `of type ${typeof token}`}, not a string`
  if (!token) return 'it is empty'
  if (token.length > LONGEST_TOKEN) return `it has ${token.length} characters`
  // Anything else could end the header, the cookie or the URL it rides in, and start another.
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token)
    ? undefined
    : 'it has characters that a header cannot carry'
}
