import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { refusal } from '../errors.ts'
import { named } from '../openapi.ts'
import type { Tables } from '../tables/tables.ts'

export function meRoutes(
  scope: FastifyInstance,
  users: Tables['users'],
  userOf: (request: object) => string,
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>()
  const Profile = named(
    app,
    'Profile',
    Type.Object({
      id: Type.String(),
      nickname: Type.String(),
      avatar: Type.Optional(Type.String({ description: 'path of the picture' })),
    }),
  )
  const profile = async (request: object) => {
    const user = await users.get(userOf(request))
    // Not a 401: a login would bring the same user.
    if (!user) throw refusal(404, 'NOT_FOUND', 'This user is gone.')
    return user
  }

  app.get('/me', { schema: { summary: 'The user of this session', response: { 200: Profile } } }, profile)

  app.put(
    '/me',
    {
      schema: {
        summary: 'Change the nickname',
        body: Type.Object({ nickname: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: Profile },
      },
    },
    async (request) => {
      await users.update(userOf(request), { nickname: request.body.nickname })
      return profile(request)
    },
  )
}
