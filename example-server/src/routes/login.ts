import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../errors.ts'
import { named } from '../openapi.ts'
import type { Sessions } from '../sessions.ts'
import type { Stats } from '../stats.ts'
import type { Users } from '../users.ts'
import { toApiError, type WeChat } from '../wechat/wechat.ts'

export interface LoginParts {
  wechat: WeChat
  users: Users
  sessions: Sessions
  stats: Stats
}

/** A code for a session, and whose it is. */
export async function exchange(code: string, { wechat, users, sessions, stats }: LoginParts) {
  stats.codes++
  const login = await wechat.code2Session(code).catch((error: unknown) => {
    stats.codesRefused++
    throw toApiError(error)
  })
  await users.remember(login)
  const session = await sessions.open(login.openid)
  stats.logins++
  return { user: login.openid, session }
}

export function loginRoute(app: FastifyInstance, parts: LoginParts, loginLimit: number): void {
  const Login = named(
    app,
    'Login',
    Type.Object({
      token: Type.String({ description: '256 random bits; send it as Authorization: Bearer' }),
      expiresIn: Type.Integer({ description: 'seconds it lives unused; each use starts them again' }),
    }),
  )
  const schema = {
    summary: 'Exchange a code of wx.login for a session',
    body: Type.Object({ code: Type.String({ minLength: 1, maxLength: 256 }) }),
    response: { 200: Login },
  }
  const rateLimit = {
    max: loginLimit,
    timeWindow: 60_000,
    errorResponseBuilder: (_request: unknown, { ttl }: { ttl: number }) =>
      new ApiError(429, 'TOO_MANY_REQUESTS', 'Too many logins from this address.', Math.ceil(ttl / 1000)),
  }

  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post('/login', { schema, config: { rateLimit } }, async ({ body }) => {
      return (await exchange(body.code, parts)).session
    })
}
