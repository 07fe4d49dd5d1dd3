import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { bearerToken, sessionOf } from '../authenticate.ts'
import { ApiError } from '../errors.ts'
import { named } from '../openapi.ts'
import type { Sessions } from '../sessions.ts'

const noContent = { 204: Type.Null() }

/** Logging out: here, there, everywhere. */
export function sessionRoutes(scope: FastifyInstance, sessions: Sessions): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()
  const Summary = named(
    app,
    'Session',
    Type.Object({
      id: Type.String({ description: 'names the session; it is not the token' }),
      current: Type.Boolean(),
      createdAt: Type.Integer({ description: 'epoch ms' }),
      seenAt: Type.Integer({ description: 'epoch ms, to within two minutes' }),
    }),
  )

  app.post(
    '/logout',
    { schema: { summary: 'End this session', response: noContent } },
    async (request, reply) => {
      await sessions.close(bearerToken(request) ?? '')
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/sessions',
    { schema: { summary: "This user's sessions", response: { 200: Type.Array(Summary) } } },
    async (request) => sessions.list(sessionOf(request).user, bearerToken(request) ?? ''),
  )

  app.delete(
    '/sessions',
    { schema: { summary: 'End every session of this user, this one included', response: noContent } },
    async (request, reply) => {
      await sessions.closeAll(sessionOf(request).user)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/sessions/:id',
    {
      schema: {
        summary: "End one of this user's sessions",
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) }),
        response: noContent,
      },
    },
    async (request, reply) => {
      const found = await sessions.closeOne(sessionOf(request).user, request.params.id)
      if (!found) throw new ApiError(404, 'NOT_FOUND', 'You have no session of this name.')
      return reply.code(204).send(null)
    },
  )
}
