import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { randomBytes } from 'node:crypto'
import { unauthorized } from '../errors.ts'
import { exchange, type LoginParts } from './login.ts'

/** Of one process; the oldest goes. */
const KEPT = 1000

/**
 * A login with a refresh token, for clients in development that want to see one. Each refresh token works once and brings the
 * next. Kept in this process only, in the clear and without expiry: not for production.
 */
export function devRefreshRoutes(scope: FastifyInstance, parts: LoginParts): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()
  const users = new Map<string, string>()
  const text = Type.String({ minLength: 1, maxLength: 256 })
  const Tokens = Type.Object({ token: text, expiresIn: Type.Integer(), refreshToken: text })

  function mint(user: string): string {
    const refreshToken = randomBytes(32).toString('base64url')
    users.set(refreshToken, user)
    for (const oldest of users.keys()) {
      if (users.size <= KEPT) break
      users.delete(oldest)
    }
    return refreshToken
  }

  app.post(
    '/dev/login',
    { schema: { hide: true, body: Type.Object({ code: text }), response: { 200: Tokens } } },
    async ({ body }) => {
      const { user, session } = await exchange(body.code, parts)
      return { ...session, refreshToken: mint(user) }
    },
  )

  app.post(
    '/dev/refresh',
    { schema: { hide: true, body: Type.Object({ refreshToken: text }), response: { 200: Tokens } } },
    async ({ body }) => {
      const user = users.get(body.refreshToken)
      if (user === undefined) throw unauthorized()
      users.delete(body.refreshToken)
      return { ...(await parts.sessions.open(user)), refreshToken: mint(user) }
    },
  )
}
