import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Auth } from 'miniprogram-session-server'
import { named } from '../openapi.ts'
import type { Stats } from './stats.ts'

interface Parts {
  auth: Auth
  /** everybody's, or one user's */
  endSessions: (user?: string) => Promise<void>
  /** the id of a user of the fake WeChat */
  userNamed: (name: string) => Promise<string>
  counts: Stats
}

/** What makes trouble reproducible: kill sessions, and the server's own count of what happened, to hold against the client's. */
export function devRoutes(scope: FastifyInstance, { auth, endSessions, userNamed, counts }: Parts): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()

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
    async ({ body, headers }, reply) => {
      const { user, me } = body ?? {}
      if (me) await auth.logout(/^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1])
      else await endSessions(user === undefined ? undefined : await userNamed(user))
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
    () => counts,
  )
}
