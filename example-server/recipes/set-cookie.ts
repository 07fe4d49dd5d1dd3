import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Sessions } from '../src/sessions.ts'
import type { WeChat } from '../src/wechat/wechat.ts'

/**
 * A back end that speaks in cookies, as Django, PHP, Rails and express-session do. WeChat has no cookie jar, so
 * the client reads `Set-Cookie` at the login and sends `Cookie` itself:
 *
 *     createClient({ baseURL, login: { url: '/login', token: { cookie: 'sid' } }, attach: { cookie: 'sid' } })
 */
export function buildCookieServer(wechat: WeChat, sessions: Sessions): FastifyInstance {
  const app = fastify()

  app.post<{ Body: { code: string } }>('/login', async (request, reply) => {
    const { openid } = await wechat.code2Session(request.body.code)
    const { token, expiresIn } = await sessions.open(openid)
    // Max-Age rather than Expires: a date has a comma in it, and WeChat joins several cookies with commas.
    reply.header('set-cookie', `sid=${token}; Max-Age=${expiresIn}; Path=/; HttpOnly; Secure; SameSite=Lax`)
    return { ok: true }
  })

  app.get('/me', async (request, reply) => {
    const session = await sessions.find(cookie(request, 'sid') ?? '')
    if (!session) return reply.code(401).send({ error: 'log in' })
    return { openid: session.user }
  })
  return app
}

function cookie(request: FastifyRequest, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1]
}
