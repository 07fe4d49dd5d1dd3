import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, type Auth, type Identity, type Provider } from 'miniprogram-session-server'
import { randomBytes } from 'node:crypto'
import { refusal } from '../errors.ts'

/** Of one process; the oldest goes. */
const KEPT = 1000
const ID = 'dev:refresh'

/**
 * A login with a refresh token, for clients in development that want to see one. Each refresh token works once and brings
 * the next. Kept in this process only, in the clear and without expiry: not for production.
 */
export function createRefreshTokens() {
  const users = new Map<string, string>()

  function mint(user: string): string {
    const refreshToken = randomBytes(32).toString('base64url')
    users.set(refreshToken, user)
    for (const oldest of users.keys()) {
      if (users.size <= KEPT) break
      users.delete(oldest)
    }
    return refreshToken
  }

  /** A refresh token in the place of a code: to the package it is one platform more. */
  const provider: Provider = {
    id: ID,
    async exchange(code): Promise<Identity> {
      const user = users.get(code)
      if (user === undefined || !users.delete(code)) throw new Refused('code', 'no such refresh token')
      return { app: ID, openid: user }
    },
  }

  function routes(server: FastifyInstance, auth: Auth): void {
    const app = server.withTypeProvider<TypeBoxTypeProvider>()
    const text = Type.String({ minLength: 1, maxLength: 256 })
    const Tokens = Type.Object({ token: text, expiresIn: Type.Integer(), refreshToken: text })
    const withNext = async (login: Awaited<ReturnType<Auth['login']>>) => {
      const session = await auth.authenticate(login.token)
      return { token: login.token, expiresIn: login.expiresIn, refreshToken: mint(session?.user ?? '') }
    }

    app.post(
      '/dev/login',
      { schema: { hide: true, body: Type.Object({ code: text }), response: { 200: Tokens } } },
      async ({ body }) => withNext(await auth.login({ code: body.code })),
    )

    app.post(
      '/dev/refresh',
      { schema: { hide: true, body: Type.Object({ refreshToken: text }), response: { 200: Tokens } } },
      async ({ body: { refreshToken } }) => {
        // Before the package gives the same answer again, as it does to a code that is sent twice.
        if (!users.has(refreshToken)) throw refusal(401, 'UNAUTHORIZED', 'Log in again with a fresh code.')
        return withNext(await auth.login({ app: ID, code: refreshToken }))
      },
    )
  }

  const userIn = ({ app, openid }: Identity): string | undefined => (app === ID ? openid : undefined)
  return { provider, routes, userIn }
}
