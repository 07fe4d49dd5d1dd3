import fastify, { type FastifyInstance } from 'fastify'
import type { Sessions } from '../src/sessions.ts'
import type { WeChat } from '../src/wechat/wechat.ts'

/**
 * A back end that answers 200 to everything and says in the body what happened: `{ code, msg, data }`, with 0
 * for success and 10401 for "log in again". The client is told how to read that:
 *
 *     createClient({
 *       baseURL,
 *       login: { url: '/login', token: 'data.token', expiresIn: 'data.expiresIn' },
 *       attach: { header: 'x-token' },
 *       isUnauthorized: ({ data }) => data.code === 10401,
 *       unwrap({ data }) {
 *         if (data.code !== 0) throw new BusinessError(data.msg)
 *         return data.data
 *       },
 *     })
 */
export function buildBusinessCodeServer(wechat: WeChat, sessions: Sessions): FastifyInstance {
  const app = fastify()
  const ok = (data: unknown) => ({ code: 0, msg: 'ok', data })

  app.setErrorHandler((error, request, reply) => {
    // Even here the text of an unknown error is for the log only.
    request.log.error({ err: error })
    return reply.code(200).send({ code: 10500, msg: 'failed' })
  })

  app.post<{ Body: { code: string } }>('/login', async (request) => {
    const { openid } = await wechat.code2Session(request.body.code)
    return ok(await sessions.open(openid))
  })

  app.get('/me', async (request) => {
    const token = request.headers['x-token']
    const session = typeof token === 'string' ? await sessions.find(token) : undefined
    return session ? ok({ openid: session.user }) : { code: 10401, msg: 'log in again' }
  })
  return app
}
