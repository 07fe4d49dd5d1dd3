import { ConfigError } from '../errors'
import { atOnce } from '../app-code'
import type { Attach, Outgoing } from '../options/session'
import { headerOf, isHeaderName, setHeader } from '../transport/headers'
import { appendQuery, pair, travelsAsQuery } from '../transport/serialize'
import { isRecord } from '../transport/snapshot'

/** `isBare`: it has no headers yet, so that none has to be looked for. */
export type AttachToken = (request: Outgoing, token: string, isBare?: boolean) => void

const PLACES: Record<string, (request: Outgoing, name: string, token: string) => void> = {
  header(request, name, token) {
    setHeader(request.header, name, token)
  },
  cookie(request, name, token) {
    if (token.indexOf(';') >= 0)
      throw new ConfigError('cannot carry its token in a cookie: it has a semicolon.')
    const others = headerOf(request.header, 'cookie')
    setHeader(request.header, 'Cookie', `${others ? `${others}; ` : ''}${name}=${token}`)
  },
  query(request, name, token) {
    request.url = appendQuery(request.url, pair(name, token))
  },
  body(request, name, token) {
    const { data } = request
    if ((data !== undefined && data !== null && !isRecord(data)) || travelsAsQuery(request.method))
      throw new ConfigError(
        'cannot carry the token in its body (attach: { body }): send an object with POST.',
      )
    request.data = Object.assign({}, data, { [name]: token })
  },
}

export function createAttach(attach: Attach): AttachToken {
  if (typeof attach === 'function') {
    const run: (request: Outgoing, token: string) => unknown = attach
    return (request, token) => {
      atOnce(run(request, token), 'attach')
    }
  }
  if (attach === 'bearer') {
    let last: string | undefined
    let value = ''
    return ({ header }, token, isBare) => {
      if (token !== last) {
        last = token
        value = /^bearer /i.test(token) ? token : `Bearer ${token}`
      }
      if (isBare) header['Authorization'] = value
      else setHeader(header, 'Authorization', value)
    }
  }
  for (const place in PLACES) {
    const name = (Object(attach) as Record<string, string>)[place]
    const write = PLACES[place]
    if (!name || !write) continue
    // The WeChat gateway drops request headers that start like this (gateway guide, differences).
    if (place === 'header' && /^x-wx-/i.test(name))
      throw new ConfigError(`attach: headers such as ${name} are dropped. Choose another name.`)
    if (isHeaderName(name) || place === 'query' || place === 'body')
      return (request, token) => write(request, name, token)
  }
  throw new ConfigError(
    "attach: use 'bearer', { header }, { cookie }, { query }, { body } with a name, or a function.",
  )
}
