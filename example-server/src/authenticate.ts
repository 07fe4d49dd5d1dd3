import type { FastifyInstance, FastifyRequest } from 'fastify'
import { unauthorized } from './errors.ts'
import type { Session, Sessions } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null
  }
}

/** The token in `Authorization: Bearer <token>`, if there is one. */
export function bearerToken(request: FastifyRequest): string | undefined {
  const [, token] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  return token
}

/** Makes every route of this scope need a session; `sessionOf(request)` then gives it. */
export function requireSession(scope: FastifyInstance, sessions: Sessions): void {
  scope.addHook('onRoute', (route) => {
    route.schema = { security: [{ bearer: [] }], ...route.schema }
  })
  // onRequest comes before the body is read: a dead token is refused before two megabytes are taken in.
  scope.addHook('onRequest', async (request) => {
    const token = bearerToken(request)
    const session = token === undefined ? undefined : await sessions.find(token)
    if (!session) throw unauthorized()
    request.session = session
  })
}

export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw unauthorized()
  return request.session
}
