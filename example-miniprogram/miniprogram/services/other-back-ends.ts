import { createClient } from 'miniprogram-session'
import { SERVER } from '../config'
import { platform } from './conditions'
import type { Login, Profile } from '../../typings/server-api'

/*
 * Two other ways in which servers do it, each with a client of its own. An app has one such server, and says it in its one
 * `createClient` (services/api.ts); two clients of one server need a `key` each.
 */

interface Envelope {
  code: number
  message: string
  data: unknown
}

/** A server that answers 200 to everything, and says in the body what happened. */
export const enveloped = createClient({
  baseURL: SERVER,
  storage: { key: 'example:enveloped' },
  header: { 'x-dev-envelope': '1' },
  login: { url: '/login', token: 'data.token', expiresIn: 'data.expiresIn' },
  isUnauthorized: ({ data }) => (data as Envelope | null)?.code === 401,
  unwrap({ statusCode, data }) {
    if (statusCode === 204) return undefined
    const { code, message, data: inner } = data as Envelope
    if (code !== 0) throw new Error(message)
    return inner
  },
  platform,
})

interface Tokens extends Login {
  refreshToken: string
}

const keep = ({ token, expiresIn, refreshToken }: Tokens) => ({
  token,
  expiresAt: Date.now() + expiresIn * 1000,
  data: { refreshToken },
})

/** A server that gives a refresh token beside the token: it is tried before a code is. */
export const refreshing = createClient({
  baseURL: SERVER,
  storage: { key: 'example:refreshing' },
  login: {
    url: '/dev/login',
    token: ({ data }) => keep(data as Tokens),
    // `auth: false`: this request is part of the login, and must not wait for it.
    refresh: ({ data }) => refreshing.post<Tokens>('/dev/refresh', data, { auth: false }).then(keep),
  },
  platform,
})

/** The same of both: who is asking, and a token that dies. */
export const profileOf = (client: typeof enveloped) => client.get<Profile>('/me')
export const killTokenOf = (client: typeof enveloped) =>
  client.post('/dev/expire', { me: true }, { auth: 'optional' })
