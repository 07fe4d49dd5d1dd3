import { Type } from '@sinclair/typebox'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { sessionOf } from '../authenticate.ts'
import { unauthorized } from '../errors.ts'
import { named } from '../openapi.ts'
import { sha256 } from '../seal.ts'
import type { User, Users } from '../users.ts'

/** What a client may know of its user: no openid, and never the session_key. */
const profile = ({ openid, nickname, avatar }: User) => ({
  id: sha256(openid).slice(0, 16),
  nickname,
  ...(avatar === undefined ? {} : { avatar }),
})

export function meRoutes(scope: FastifyInstance, users: Users): void {
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

  app.get(
    '/me',
    { schema: { summary: 'The user of this session', response: { 200: Profile } } },
    async (request) => {
      const user = await users.get(sessionOf(request).user)
      if (!user) throw unauthorized()
      return profile(user)
    },
  )

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
      const { user: openid } = sessionOf(request)
      await users.update(openid, { nickname: request.body.nickname })
      const user = await users.get(openid)
      if (!user) throw unauthorized()
      return profile(user)
    },
  )
}
