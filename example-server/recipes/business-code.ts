import fastify from 'fastify'
import { createAuth, type Answer, type AuthOptions } from 'miniprogram-session-server'
import { sessions } from 'miniprogram-session-server/fastify'
import type { RecipeServer } from './set-cookie.ts'

const ok = (data: unknown) => ({ code: 0, msg: 'ok', data })

/**
 * A back end that answers 200 to everything and says in the body what happened: `{ code, msg, data }`, with 0 for
 * success and 10000 and the status for anything else: 10401 is "log in again". The client is told how to read that:
 *
 *     createClient({
 *       baseURL,
 *       login: { url: '/login', token: 'data.token', expiresIn: 'data.expiresIn' },
 *       attach: { header: 'x-token' },
 *       isUnauthorized: ({ data }) => data.code === 10401,
 *       unwrap({ data }) {
 *         if (data.code !== 0) throw new BusinessError(data.msg, data.code)
 *         return data.data
 *       },
 *     })
 *
 * `business-code.json` beside this file tells the same to `npx miniprogram-session-server check`.
 */
export async function buildBusinessCodeServer(options: AuthOptions): Promise<RecipeServer> {
  const auth = createAuth({ ...options, token: { from: { header: 'x-token' } }, answers: inTheHousesStyle })
  const app = fastify()
  const s = sessions(auth)
  // Even here the text of an unknown error is for the log only.
  app.setErrorHandler((error, request, reply) => {
    request.log.error({ err: error })
    return reply.code(200).send({ code: 10500, msg: 'The server made a mistake.', data: null })
  })
  await app.register(s)
  // What a user gets is for nobody's cache.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('cache-control', 'no-store')
    done()
  })
  app.get('/me', { onRequest: app.sessionRequired }, async (request) => ok({ id: auth.of(request).user }))
  return { app, auth }
}

/** `Retry-After` and the like stay headers: they mean the same there. */
function inTheHousesStyle(answer: Answer): Answer {
  const { status, body } = answer
  if (status < 400) return { ...answer, status: 200, body: ok(body ?? null) }
  const { error } = body as { error: { message: string } }
  return { ...answer, status: 200, body: { code: 10_000 + status, msg: error.message, data: null } }
}
