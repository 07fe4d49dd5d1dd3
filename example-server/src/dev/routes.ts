import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { bearerToken } from '../authenticate.ts'
import { named } from '../openapi.ts'
import type { Sessions } from '../sessions.ts'
import type { Stats } from '../stats.ts'
import { stubOpenid } from '../wechat/stub.ts'

/**
 * What makes trouble reproducible, in development only: kill sessions, and the server's own count of what happened, to hold
 * against the client's.
 */
export function devRoutes(
  scope: FastifyInstance,
  { sessions, stats }: { sessions: Sessions; stats: Stats },
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()

  /** Kills sessions: everybody's, one user's, or the caller's. */
  app.post(
    '/dev/expire',
    {
      schema: {
        // OpenAPI has no words for a body that may be missing and still is checked.
        hide: true,
        body: Type.Union([
          Type.Object({ user: Type.Optional(Type.String()), me: Type.Optional(Type.Boolean()) }),
          Type.Null(),
          Type.Undefined(),
        ]),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { user, me } = request.body ?? {}
      if (me) await sessions.close(bearerToken(request) ?? '')
      else if (user === undefined) await sessions.clear()
      else await sessions.closeAll(stubOpenid(user))
      return reply.code(204).send(null)
    },
  )

  const Counts = named(
    app,
    'Stats',
    Type.Object({
      requests: Type.Integer(),
      logins: Type.Integer({ description: 'successful ones' }),
      codes: Type.Integer({ description: 'sent to WeChat, refused ones included' }),
      codesRefused: Type.Integer(),
      unauthorized: Type.Integer(),
    }),
  )
  app.get(
    '/dev/stats',
    { schema: { summary: 'What this process has counted', response: { 200: Counts } } },
    () => stats,
  )
}
