import fastify, { type FastifyInstance } from 'fastify'
import { createAuth, type Auth, type AuthOptions } from 'miniprogram-session-server'
import { sessions } from 'miniprogram-session-server/fastify'

export interface RecipeServer {
  app: FastifyInstance
  auth: Auth
}

/**
 * A back end that speaks in cookies, for a web page that has it too. WeChat has no cookie jar, so the client reads
 * `Set-Cookie` at the login and sends `Cookie` itself:
 *
 *     createClient({ baseURL, login: { url: '/login', token: { cookie: 'sid' } }, attach: { cookie: 'sid' } })
 *
 * `set-cookie.json` beside this file tells the same to `npx miniprogram-session-server check`.
 */
export async function buildCookieServer(options: AuthOptions): Promise<RecipeServer> {
  const auth = createAuth({ ...options, token: { from: { cookie: 'sid' } } })
  const app = fastify()
  const s = sessions(auth)
  app.setErrorHandler((error, request, reply) => s.errors(error, request, reply))
  await app.register(s)
  // What a user gets is for nobody's cache.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('cache-control', 'no-store')
    done()
  })
  app.get('/me', { onRequest: app.sessionRequired }, async (request) => ({ id: auth.of(request).user }))
  return { app, auth }
}
